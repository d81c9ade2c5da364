using System.Globalization;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Job;

/// <summary>
/// The metadata of a stage or active file (specification, section 6). The first four are always
/// there. Only files of this program have the others; the Spark job writes none of them.
/// </summary>
public sealed record PublishMetadata
{
    /// <summary>The <c>source_partition</c> of a table without partitions.</summary>
    public const string Unpartitioned = "unpartitioned";

    /// <summary>How <c>created_at</c> and the names of stage files write a time, in UTC.</summary>
    public const string TimeFormat = "yyyyMMdd_HHmmss";

    private const string TotalIdsName = "total_ids";
    private const string Md5Name = "md5_checksum";
    private const string CreatedAtName = "created_at";
    private const string SourcePartitionName = "source_partition";
    private const string GzSha256Name = "gz_sha256";
    private const string RunIdName = "run_id";
    private const string ToolVersionName = "tool_version";
    private const string TrailingNewlineName = "trailing_newline";
    private const string InputFingerprintName = "input_fingerprint";
    private const string PhaseSecondsName = "phase_seconds";

    /// <summary><c>total_ids</c>: lines of the text.</summary>
    public required long TotalIds { get; init; }

    /// <summary>
    /// <c>md5_checksum</c>: MD5 of the uncompressed text, 32 lower-case hex digits.
    /// </summary>
    public required string Md5Checksum { get; init; }

    /// <summary><c>created_at</c>: when the file was staged, in whole seconds, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// <c>source_partition</c>: the partition that was read
    /// (<see cref="TablePlan.SourcePartition"/>).
    /// </summary>
    public required string SourcePartition { get; init; }

    /// <summary>
    /// <c>gz_sha256</c>: SHA-256 of the compressed bytes, 64 lower-case hex digits.
    /// </summary>
    public string? GzSha256 { get; init; }

    /// <summary><c>run_id</c>: the run that staged the file.</summary>
    public string? RunId { get; init; }

    /// <summary><c>tool_version</c>: what staged it.</summary>
    public string? ToolVersion { get; init; }

    /// <summary>
    /// <c>trailing_newline</c>: whether a text that is not empty ends with a newline; null when not
    /// said.
    /// </summary>
    public bool? TrailingNewline { get; init; }

    /// <summary>
    /// <c>input_fingerprint</c>: the same for the same input and options, for
    /// <c>--skip-if-current</c>.
    /// </summary>
    public string? InputFingerprint { get; init; }

    /// <summary>
    /// <c>phase_seconds</c>: how long the run took until the file was staged, by phase
    /// (<see cref="Job.PhaseSeconds"/>); null when not said.
    /// </summary>
    public string? PhaseSeconds { get; init; }

    /// <summary>As the store keeps them.</summary>
    public IReadOnlyDictionary<string, string> ToMap()
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [TotalIdsName] = TotalIds.ToString(CultureInfo.InvariantCulture),
            [Md5Name] = Md5Checksum,
            [CreatedAtName] = FormatTime(CreatedAt),
            [SourcePartitionName] = SourcePartition,
        };
        Add(map, GzSha256Name, GzSha256);
        Add(map, RunIdName, RunId);
        Add(map, ToolVersionName, ToolVersion);
        Add(map, TrailingNewlineName, TrailingNewline switch { true => "true", false => "false", null => null });
        Add(map, InputFingerprintName, InputFingerprint);
        Add(map, PhaseSecondsName, PhaseSeconds);
        return map;
    }

    /// <summary>
    /// Parses stored metadata. Names that this program does not know are skipped.
    /// </summary>
    /// <param name="map">Names in lower case.</param>
    /// <param name="name">The object, for messages.</param>
    /// <exception cref="VerificationException">One of the first four is missing, or a value has
    /// another form.</exception>
    public static PublishMetadata Parse(IReadOnlyDictionary<string, string> map, string name)
    {
        ArgumentNullException.ThrowIfNull(map);
        return new PublishMetadata
        {
            TotalIds = long.TryParse(Required(TotalIdsName), NumberStyles.None, CultureInfo.InvariantCulture, out var total)
                ? total
                : throw Malformed(TotalIdsName, "a whole number"),
            Md5Checksum = IsHex(Required(Md5Name), 32) ? map[Md5Name].ToLowerInvariant() : throw Malformed(Md5Name, "32 hex digits"),
            CreatedAt = TryParseTime(Required(CreatedAtName), out var createdAt)
                ? createdAt
                : throw Malformed(CreatedAtName, "a time as YYYYMMDD_HHMMSS"),
            SourcePartition = Required(SourcePartitionName),
            GzSha256 = map.TryGetValue(GzSha256Name, out var hash)
                ? IsHex(hash, 64) ? hash.ToLowerInvariant() : throw Malformed(GzSha256Name, "64 hex digits")
                : null,
            RunId = map.GetValueOrDefault(RunIdName),
            ToolVersion = map.GetValueOrDefault(ToolVersionName),
            TrailingNewline = map.TryGetValue(TrailingNewlineName, out var newline)
                ? newline switch { "true" => true, "false" => false, _ => throw Malformed(TrailingNewlineName, "true or false") }
                : null,
            InputFingerprint = map.GetValueOrDefault(InputFingerprintName),
            PhaseSeconds = map.GetValueOrDefault(PhaseSecondsName),
        };

        string Required(string key) => map.TryGetValue(key, out var value)
            ? value
            : throw new VerificationException($"The metadata lack {key}", ErrorPlace.Of(name), "stage the file again");

        VerificationException Malformed(string key, string expected) => new(
            $"The metadata hold a {key} of another form",
            new ErrorPlace { Object = name, Expected = expected, Actual = $"{map[key].Length} characters of another kind" },
            "stage the file again");
    }

    /// <summary>
    /// Names that only one of two maps has, or that have another value in the other, in ordinal
    /// order.
    /// </summary>
    public static IReadOnlyList<string> NamesThatDiffer(IReadOnlyDictionary<string, string> left, IReadOnlyDictionary<string, string> right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return [.. left.Keys.Union(right.Keys).Where(name => left.GetValueOrDefault(name) != right.GetValueOrDefault(name))
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// Whether both describe one staged file, by what identifies it. A run id or hash that only one
    /// of them has does not count.
    /// </summary>
    public bool IsOfTheSameFile(PublishMetadata other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Md5Checksum == other.Md5Checksum
            && CreatedAt == other.CreatedAt
            && SourcePartition == other.SourcePartition
            && IsSame(RunId, other.RunId)
            && IsSame(GzSha256, other.GzSha256);

        static bool IsSame(string? left, string? right) => left is null || right is null || left == right;
    }

    /// <summary>A time as <c>created_at</c> writes it.</summary>
    public static string FormatTime(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static bool TryParseTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    private static bool IsHex(string text, int digits) => text.Length == digits && text.All(char.IsAsciiHexDigit);

    private static void Add(Dictionary<string, string> map, string name, string? value)
    {
        if (value is not null)
            map[name] = value;
    }
}
