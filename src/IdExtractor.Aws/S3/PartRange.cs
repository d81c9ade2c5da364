namespace IdExtractor.Aws.S3;

/// <summary>One part of a multipart upload or copy.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct PartRange(int Number, long Offset, long Length)
{
    /// <summary>Most parts that S3 takes.</summary>
    public const int MostParts = 10_000;

    /// <summary>
    /// The parts of an object: of equal size but the last, larger than asked for where there would
    /// be too many.
    /// </summary>
    /// <param name="total">Bytes of the object, 1 or more.</param>
    /// <param name="partBytes">Bytes of a part, 1 or more.</param>
    public static List<PartRange> Split(long total, long partBytes)
    {
        var each = Math.Max(partBytes, ((total - 1) / MostParts) + 1);
        var parts = new List<PartRange>();
        for (long offset = 0; offset < total; offset += each)
            parts.Add(new PartRange(parts.Count + 1, offset, Math.Min(each, total - offset)));
        return parts;
    }
}
