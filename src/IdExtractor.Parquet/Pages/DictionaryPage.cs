using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet.Encodings;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Parquet.Pages;

/// <summary>The dictionary of one chunk. Reusable.</summary>
internal sealed unsafe class DictionaryPage : IDisposable
{
    private readonly NativeBuffer _bytes = new();
    private readonly NativeBuffer _index = new();
    private readonly KernelPage _kernelPage = new();
    private ValueView _values;

    /// <summary>True when the dictionary of the current chunk has been read.</summary>
    public bool IsPresent { get; private set; }

    /// <summary>The stream for the kernel to run on, after <see cref="TryBegin"/>.</summary>
    public PageStream* Stream => _kernelPage.Stream;

    /// <summary>Its entries.</summary>
    public ref readonly ValueView Values => ref _values;

    /// <summary>Discards the entries, at the start of a chunk.</summary>
    public void Clear()
    {
        IsPresent = false;
        _kernelPage.Clear();
        _bytes.TrimTo(PageReader.KeptBytes);
        _index.TrimTo(PageReader.KeptBytes);
    }

    /// <summary>
    /// Records that the chunk has a dictionary with this many entries, which was read through a
    /// window.
    /// </summary>
    public void Pass(int count)
    {
        _values = new ValueView { Count = count };
        IsPresent = true;
    }

    /// <summary>
    /// Checks the header of the current dictionary page against the format and the limits.
    /// </summary>
    public void Check(ChunkContext context, PageReader pages)
    {
        var header = pages.Header;
        var offset = pages.PageOffset;
        if (IsPresent || pages.FirstRow > 0)
            context.ThrowCorrupt("A dictionary page where none belongs", offset);
        if (header.Encoding is not (ParquetEncoding.Plain or ParquetEncoding.PlainDictionary))
            context.ThrowCorrupt("A dictionary page of an unknown encoding", offset, "PLAIN", $"encoding {(int)header.Encoding}");
        if (header.UncompressedSize > context.Limits.MaxDictionaryBytes)
            context.ThrowCorrupt(
                "A dictionary is too large", offset, $"at most {context.Limits.MaxDictionaryBytes} bytes", $"{header.UncompressedSize}");

        var least = context.Column.Physical == PhysicalType.ByteArray ? sizeof(int) : context.Column.FixedWidth;
        if ((long)header.ValueCount * least > header.UncompressedSize)
            context.ThrowCorrupt(
                "A dictionary claims more entries than it has bytes for", offset, null,
                $"{header.ValueCount} entries in {header.UncompressedSize} bytes");
    }

    /// <summary>Reads the current dictionary page.</summary>
    public void Read(ChunkContext context, PageReader pages)
    {
        Check(context, pages);
        var header = pages.Header;
        PageBody.Decompress(context, header, pages.PageOffset, pages.ReadBody(), _bytes, keepCopy: true);
        Finish(context, pages);
    }

    /// <summary>
    /// Starts decompressing the current dictionary page with the kernel, if the kernel supports it.
    /// </summary>
    public bool TryBegin(ChunkContext context, PageReader pages)
    {
        Check(context, pages);
        return KernelPage.CanReadDictionary(context, pages.Header) && _kernelPage.Open(context, pages, _bytes);
    }

    /// <summary>Whether the kernel has finished the page.</summary>
    public bool IsDecompressed() => _kernelPage.IsDone();

    /// <summary>Makes the entries of the decompressed page available.</summary>
    public void Finish(ChunkContext context, PageReader pages)
    {
        var header = pages.Header;
        if (context.Column.Physical == PhysicalType.ByteArray)
            Index(context, header, pages.PageOffset);
        else
            _values = new ValueView { Data = _bytes.Pointer, Width = context.Column.FixedWidth, Count = header.ValueCount };
        IsPresent = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ((IDisposable)_bytes).Dispose();
        ((IDisposable)_index).Dispose();
        _kernelPage.Dispose();
    }

    private void Index(ChunkContext context, PageHeader header, long offset)
    {
        var count = header.ValueCount;
        context.Reserve(_index, count * 2 * sizeof(int), keep: 0, "dictionary's index", offset);
        var offsets = (int*)_index.Pointer;
        var lengths = offsets + count;
        var position = 0;
        var status = PlainByteArray.Decode(
            new ReadOnlySpan<byte>(_bytes.Pointer, header.UncompressedSize), ref position, header.UncompressedSize,
            new Span<int>(offsets, count), new Span<int>(lengths, count));
        if (status != DecodeStatus.Ok)
            context.Throw("dictionary", status, offset);
        _values = new ValueView { Data = _bytes.Pointer, Offsets = offsets, Lengths = lengths, Count = count };
    }
}
