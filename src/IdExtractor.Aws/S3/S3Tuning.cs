namespace IdExtractor.Aws.S3;

/// <summary>
/// Sizes of S3 requests. The defaults are what runs use; tests reach rare paths by smaller ones.
/// </summary>
public sealed record S3Tuning
{
    /// <summary>
    /// Objects of at most so many bytes are sent by one PutObject and kept in memory until then;
    /// larger ones go through a file and multipart. 0 or more.
    /// </summary>
    public long MaxPutBytes { get; init; } = 16 << 20;

    /// <summary>
    /// Bytes of one part of an upload; it grows where the object would have more than 10,000 of
    /// them. S3 wants at least 5 MiB.
    /// </summary>
    public long PartBytes { get; init; } = 8 << 20;

    /// <summary>Concurrent parts of one upload or copy, 1 or more.</summary>
    public int PartsAtOnce { get; init; } = 4;

    /// <summary>
    /// Larger objects are copied in parts: 5 GiB is the most that one CopyObject takes.
    /// </summary>
    public long MaxCopyBytes { get; init; } = 5L << 30;

    /// <summary>Bytes of one part of a copy.</summary>
    public long CopyPartBytes { get; init; } = 256 << 20;

    /// <summary>
    /// Bytes a second that the service copies at least: copies are given the time that this takes.
    /// </summary>
    public long SlowestCopyBytesPerSecond { get; init; } = 8 << 20;

    /// <summary>
    /// A run abandons a multipart upload or copy that takes longer, so that older ones belong to no
    /// live run.
    /// </summary>
    public TimeSpan LongestUpload { get; init; } = TimeSpan.FromHours(12);

    /// <summary>
    /// Uploads under a run's own keys that the service began longer ago are aborted. Twice
    /// <see cref="LongestUpload"/>, for processes that are stopped for some time.
    /// </summary>
    public TimeSpan AbandonedAfter { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Keys of one page of a listing; null for the service's own 1000.</summary>
    public int? PageKeys { get; init; }

    /// <summary>Where objects that are too large for memory wait for their upload.</summary>
    public string TempRoot { get; init; } = Path.GetTempPath();
}
