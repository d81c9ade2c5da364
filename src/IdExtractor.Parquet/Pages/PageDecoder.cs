using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// Decodes the rows of one whole page in batches, levels and values together. Reusable for page
/// after page.
/// </summary>
internal sealed unsafe class PageDecoder : IDisposable
{
    private readonly NativeBuffer _bytes = new();
    private readonly KernelPage _kernelPage = new();
    private readonly ValueDecoder _values = new();
    private readonly byte[] _pending = new byte[ColumnBatch.MaxRows];
    private ChunkContext _context = null!;
    private LevelDecoder _levels;
    private byte* _page;
    private int _pageLength;
    private long _offset;
    private long _nextRow;
    private int _pendingCount;

    /// <summary>Rows of the page that have not been read.</summary>
    public int RowsLeft { get; private set; }

    /// <summary>The stream for the kernel to run on, after <see cref="TryBegin"/>.</summary>
    public PageStream* Stream => _kernelPage.Stream;

    /// <summary>Discards the current page.</summary>
    public void Clear()
    {
        RowsLeft = 0;
        _kernelPage.Clear();
    }

    /// <summary>
    /// Releases memory that an unusually large page needed, at the start of a chunk.
    /// </summary>
    public void Trim()
    {
        _bytes.TrimTo(PageReader.KeptBytes);
        _values.Trim();
    }

    /// <summary>
    /// Starts decompressing the current data page with the kernel, if the kernel supports it. Once
    /// the kernel is done, <see cref="Open"/> uses its output.
    /// </summary>
    public bool TryBegin(ChunkContext context, PageReader pages) =>
        KernelPage.CanRead(context, pages.Header) && _kernelPage.Open(context, pages, _bytes);

    /// <summary>Whether the kernel has finished the page.</summary>
    public bool IsDecompressed() => _kernelPage.IsDone();

    /// <summary>
    /// Opens the current data page. Decompresses it unless the kernel has already done so.
    /// </summary>
    public void Open(ChunkContext context, PageReader pages)
    {
        var header = pages.Header;
        _context = context;
        _offset = pages.PageOffset;
        _nextRow = pages.FirstRow;
        _pageLength = header.UncompressedSize;
        _page = _kernelPage.IsDone() ? _bytes.Pointer : PageBody.Decompress(context, header, _offset, pages.ReadBody(), _bytes);
        _kernelPage.Clear();
        _pendingCount = 0;
        RowsLeft = header.ValueCount;
        var isOptional = context.Column.MaxDefinitionLevel > 0;
        var page = new ReadOnlySpan<byte>(_page, _pageLength);
        var status = _levels.Open(page, header, isOptional, out var valuesStart);
        if (status != DecodeStatus.Ok)
            context.Throw("definition levels", status, _offset);
        status = _values.Open(context, page, valuesStart, header.Encoding, _offset, mayBeEmpty: isOptional || header.ValueCount == 0);
        if (status == DecodeStatus.Unsupported)
            context.ThrowUnsupported($"Encoding {header.Encoding} is not read in a column of type {context.Column.TypeText}", _offset);
        if (status != DecodeStatus.Ok)
            context.Throw($"{header.Encoding} values", status, _offset);
    }

    /// <summary>
    /// Reads up to <paramref name="maxRows"/> rows (at most <see cref="ColumnBatch.MaxRows"/>);
    /// none only at the end of the page.
    /// </summary>
    public void Read(ColumnBatch batch, DictionaryPage dictionary, int maxRows)
    {
        var rows = Math.Min(maxRows, RowsLeft);
        var page = new ReadOnlySpan<byte>(_page, _pageLength);
        var valid = rows;
        if (!_levels.AllValid)
            valid = ReadLevels(page, new Span<byte>(batch.ValidityBytes, rows));
        var status = _values.Read(page, valid, dictionary, batch, out var decoded);
        if (status != DecodeStatus.Ok)
            _context.Throw("values", status, _offset);
        if (decoded < valid)
            rows = PutBack(new Span<byte>(batch.ValidityBytes, rows), decoded);
        batch.FirstRow = _nextRow;
        batch.RowCount = rows;
        batch.ValueCount = decoded;
        _nextRow += rows;
        RowsLeft -= rows;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ((IDisposable)_bytes).Dispose();
        _kernelPage.Dispose();
        _values.Dispose();
    }

    /// <summary>
    /// Reads the levels of the next rows, pushed-back ones first, and counts the rows with a value.
    /// </summary>
    private int ReadLevels(ReadOnlySpan<byte> page, Span<byte> levels)
    {
        var reused = Math.Min(_pendingCount, levels.Length);
        _pending.AsSpan(0, reused).CopyTo(levels);
        _pending.AsSpan(reused, _pendingCount - reused).CopyTo(_pending);
        _pendingCount -= reused;
        var status = _levels.Read(page, levels[reused..]);
        if (status != DecodeStatus.Ok)
            _context.Throw("definition levels", status, _offset);
        return LevelCounter.CountSet(levels);
    }

    /// <summary>
    /// Handles values too large for a whole batch: keeps the rows up to the last decoded value and
    /// pushes back the levels of the rest. Returns the number of rows kept.
    /// </summary>
    private int PutBack(Span<byte> levels, int decoded)
    {
        if (_levels.AllValid)
            return decoded;
        var rows = 0;
        for (var seen = 0; ; rows++)
        {
            seen += levels[rows];
            if (seen > decoded)
                break;
        }

        // These levels precede the ones still pending from an earlier call.
        var back = levels[rows..];
        _pending.AsSpan(0, _pendingCount).CopyTo(_pending.AsSpan(back.Length));
        back.CopyTo(_pending);
        _pendingCount += back.Length;
        return rows;
    }
}
