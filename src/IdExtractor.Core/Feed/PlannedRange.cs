using IdExtractor.Core.Job;

namespace IdExtractor.Core.Feed;

/// <summary>Bytes that will be read.</summary>
/// <param name="File">Of this file.</param>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Bytes, 1 or more.</param>
internal readonly record struct PlannedRange(PlannedFile File, long Offset, long Length)
{
    /// <summary>The first byte behind it.</summary>
    public long End => Offset + Length;
}
