using System.Diagnostics.CodeAnalysis;
using IdExtractor.Foundation.Errors;
using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet.Footer;

namespace IdExtractor.Parquet.Pages;

/// <summary>Identifies the chunk being read, so that errors can name its place.</summary>
/// <param name="File">Name of the file, for messages.</param>
/// <param name="RowGroup">Row group, from 0.</param>
/// <param name="Chunk">The chunk.</param>
/// <param name="Limits">Limits to enforce.</param>
public sealed record ChunkContext(string File, int RowGroup, ColumnChunk Chunk, ParquetLimits Limits)
{
    /// <summary>
    /// The budget that pages, dictionaries and their growing buffers share with everything else
    /// that is charged to it.
    /// </summary>
    public MemoryBudget Memory { get; init; } = MemoryBudget.Unlimited;

    /// <summary>The column.</summary>
    public ColumnDescriptor Column => Chunk.Column;

    /// <summary>The place of an offset in the file.</summary>
    public ErrorPlace Place(long? offset = null, string? expected = null, string? actual = null) => new()
    {
        Object = File,
        RowGroup = RowGroup,
        Column = Column.Name,
        Offset = offset,
        Expected = expected,
        Actual = actual,
    };

    /// <summary>Grows a buffer to a size that the file claims.</summary>
    /// <param name="buffer">The buffer to grow.</param>
    /// <param name="capacity">Bytes needed.</param>
    /// <param name="keep">Bytes of the buffer to preserve.</param>
    /// <param name="what">What the bytes are for, such as <c>dictionary</c>.</param>
    /// <param name="offset">Offset of the page in the file.</param>
    /// <exception cref="MemoryLimitException">The budget does not allow it.</exception>
    internal void Reserve(NativeBuffer buffer, int capacity, int keep, string what, long offset)
    {
        if (buffer.TryReserve(Memory, capacity, keep))
            return;
        throw new MemoryLimitException($"A {what} takes more memory than is left for pages",
            Place(offset, $"at most {Memory.Limit} bytes for all pages and dictionaries in work", $"{capacity} bytes"),
            "raise --max-memory, or write smaller pages");
    }

    /// <summary>Throws the error for a malformed chunk.</summary>
    [DoesNotReturn]
    public void ThrowCorrupt(
        string problem, long? offset = null, string? expected = null, string? actual = null, Exception? inner = null) =>
        throw new CorruptFileException(problem, Place(offset, expected, actual), "rewrite or remove the file", inner);

    /// <summary>Throws the error for a valid chunk that uses an unsupported feature.</summary>
    [DoesNotReturn]
    public void ThrowUnsupported(string problem, long? offset = null) =>
        throw new UnsupportedFileException(problem, Place(offset), "rewrite the file with a common codec and encoding");

    /// <summary>Throws the error that corresponds to a decoder's status.</summary>
    /// <param name="what">What was being decoded, such as <c>dictionary indices</c>.</param>
    /// <param name="status">Any status except Ok.</param>
    /// <param name="offset">Offset of the page in the file.</param>
    [DoesNotReturn]
    public void Throw(string what, DecodeStatus status, long offset)
    {
        if (status == DecodeStatus.Unsupported)
            ThrowUnsupported($"A variant of {what} that is not read", offset);
        ThrowCorrupt($"Malformed {what}: {Explain(status)}", offset);
    }

    internal static string Explain(DecodeStatus status) => status switch
    {
        DecodeStatus.InputTooShort => "the data ends too early",
        DecodeStatus.OutputTooLong => "it holds more than the page declares",
        DecodeStatus.OutputTooShort => "it holds less than the page declares",
        DecodeStatus.InvalidHeader => "its header is impossible",
        DecodeStatus.InvalidOffset => "a back-reference leaves the data",
        DecodeStatus.InvalidLength => "a length leaves the data",
        DecodeStatus.InvalidBitWidth => "an impossible bit width",
        DecodeStatus.InvalidValue => "a value outside its range",
        DecodeStatus.ChecksumMismatch => "its checksum does not match",
        _ => status.ToString(),
    };
}
