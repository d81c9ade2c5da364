using IdExtractor.Core.Job;

namespace IdExtractor.Core.Feed;

/// <summary>A range of bytes that will be read.</summary>
/// <param name="File">The file.</param>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Number of bytes, 1 or more.</param>
internal readonly record struct PlannedRange(PlannedFile File, long Offset, long Length)
{
    /// <summary>The offset of the first byte after the range.</summary>
    public long End => Offset + Length;
}
