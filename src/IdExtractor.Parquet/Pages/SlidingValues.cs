using System.Buffers.Binary;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet.Compression;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// A page that slides by. Its levels are collected first. Its values follow as they are
/// decompressed: PLAIN values (of a data page or the dictionary) or, for
/// <see cref="SlidingIndices"/>, positions in the dictionary. Reusable for page after page.
/// </summary>
internal sealed unsafe class SlidingValues : IDisposable
{
    private readonly NativeBuffer _levels = new();
    private ChunkContext _context = null!;
    private PageReader _pages = null!;
    private PageHeader _header;
    private int _width;
    private int _levelsSize;
    private int _levelsHave;
    private bool _isOptional;
    private bool _isReady;

    /// <summary>The decompressed bytes.</summary>
    public SlidingPage Page { get; } = new();

    /// <summary>
    /// Which rows hold values. Valid once <see cref="TryReadLevels"/> has returned true.
    /// </summary>
    public RowLevels Rows { get; } = new();

    /// <summary>Number of values that have not been consumed.</summary>
    public int ValuesLeft { get; private set; }

    /// <summary>Index of the next value, from 0.</summary>
    public int NextValue => Rows.ValueCount - ValuesLeft;

    /// <summary>
    /// Bytes per PLAIN value; 0 for byte arrays, where each value has a length prefix.
    /// </summary>
    public int Width => _width;

    /// <summary>
    /// Whether the current page, a data page or the dictionary, can be read through a window. Does
    /// not check the encoding of its values. A page that decompresses to nothing is complete before
    /// its compressed bytes have been checked, so the reader of whole pages handles it.
    /// </summary>
    public static bool CanRead(ChunkContext context, in PageHeader header) =>
        (context.Column.Physical == PhysicalType.ByteArray || context.Column.FixedWidth > 0)
        && BodySize(header) > 0
        && SlidingPage.CanRead(header.IsCompressed ? context.Chunk.Codec : CompressionCodec.Uncompressed)
        && (header.Type != PageType.Data || context.Column.MaxDefinitionLevel == 0 || header.LevelEncoding == ParquetEncoding.Rle);

    /// <summary>Opens the current page.</summary>
    public void Open(ChunkContext context, PageReader pages)
    {
        _context = context;
        _pages = pages;
        _header = pages.Header;
        _width = context.Column.FixedWidth;
        _levelsHave = 0;
        _isOptional = _header.IsData && context.Column.MaxDefinitionLevel > 0;
        _isReady = false;
        ValuesLeft = 0;
        if (_header.Type == PageType.DataV2)
        {
            _levelsSize = LevelsSize(_header);
            pages.FillBody(_levelsSize);
            Gather(_levelsSize, pages.Body);
            pages.ConsumeBody(_levelsSize);
        }
        else
        {
            // The first bytes of a first-version page give the length of its levels.
            _levelsSize = _isOptional ? sizeof(int) : 0;
        }

        var bodySize = BodySize(_header);
        CheckExpansion(bodySize);
        Page.Open(context, pages, bodySize);
    }

    /// <summary>
    /// Collects levels until they are complete. Returns true once they are;
    /// <see cref="ValuesLeft"/> is valid then.
    /// </summary>
    public bool TryReadLevels()
    {
        if (_isReady)
            return true;
        while (_levelsHave < _levelsSize)
        {
            var count = Math.Min(_levelsSize - _levelsHave, Page.UnreadLength);
            if (count == 0)
                return false;
            Gather(count, Page.Unread);
            Page.Consume(count);
            if (_levelsHave == sizeof(int) && _levelsSize == sizeof(int))
                ReadLevelsLength();
        }

        var status = Rows.Open(_levels.Pointer, _levelsSize, _header, _isOptional);
        if (status != DecodeStatus.Ok)
            _context.Throw("definition levels", status, _pages.PageOffset);
        ValuesLeft = Rows.ValueCount;
        _isReady = true;
        return true;
    }

    /// <summary>Consumes values and their bytes.</summary>
    public void Consume(int values, int bytes)
    {
        ValuesLeft -= values;
        Page.Consume(bytes);
    }

    /// <summary>
    /// Skips the PLAIN values before one of them and consumes it. Values of a fixed width are
    /// skipped without a look at them.
    /// </summary>
    /// <param name="index">Index of the value; not below <see cref="NextValue"/>.</param>
    /// <param name="value">The value, valid until the next call to the page.</param>
    /// <returns>False when more of the page is needed first.</returns>
    public bool TryReadValue(int index, out ReadOnlySpan<byte> value)
    {
        var ahead = index - NextValue;
        Debug.Assert(ahead >= 0, "Values are read in ascending order.");
        int skipped, bytes, length;
        if (_width > 0)
        {
            skipped = Math.Min(ahead, Page.UnreadLength / _width);
            bytes = skipped * _width;
        }
        else
        {
            skipped = PlainWalk.Skip(Page.Unread, Page.UnreadLength, ahead, out bytes);
        }

        Consume(skipped, bytes);
        if (skipped < ahead || !TryGetLength(out length))
        {
            CheckIncomplete();
            value = default;
            return false;
        }

        var prefix = _width > 0 ? 0 : sizeof(int);
        value = new ReadOnlySpan<byte>(Page.Unread + prefix, length - prefix);
        Consume(1, length);
        return true;
    }

    /// <summary>
    /// Called when the rest of the window holds no whole value. Throws when no value can follow,
    /// because its length is impossible or the page has ended.
    /// </summary>
    public void CheckIncomplete()
    {
        CheckNotEnded();
        if (_width > 0 || Page.UnreadLength < sizeof(int))
            return;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(new ReadOnlySpan<byte>(Page.Unread, sizeof(int)));
        if (length > (uint)_context.Limits.MaxValueBytes || length > _header.UncompressedSize)
            Throw(DecodeStatus.InvalidLength);
    }

    /// <summary>Called when more of the page is needed. Throws when the page has ended.</summary>
    public void CheckNotEnded()
    {
        if (Page.IsComplete)
            Throw(DecodeStatus.InputTooShort);
    }

    /// <summary>Throws the error for malformed values.</summary>
    [DoesNotReturn]
    public void Throw(DecodeStatus status) => _context.Throw("values", status, _pages.PageOffset);

    /// <inheritdoc/>
    public void Dispose()
    {
        Page.Dispose();
        ((IDisposable)_levels).Dispose();
    }

    /// <summary>Decompressed size of the compressed part of a page, in bytes.</summary>
    private static int BodySize(in PageHeader header) =>
        header.UncompressedSize - (header.Type == PageType.DataV2 ? LevelsSize(header) : 0);

    /// <summary>
    /// Size of a second-version page's levels, in bytes. They are not compressed.
    /// </summary>
    private static int LevelsSize(in PageHeader header) => header.RepetitionLevelsSize + header.DefinitionLevelsSize;

    /// <summary>
    /// Length of the next value with its prefix, if the window holds the whole value.
    /// </summary>
    private bool TryGetLength(out int length)
    {
        if (_width == 0)
            return PlainWalk.SkipEach(Page.Unread, Page.UnreadLength, 1, out length) != 0;
        length = _width;
        return Page.UnreadLength >= _width;
    }

    private void CheckExpansion(int bodySize)
    {
        var most = _header.IsCompressed ? PageCodec.MaxOutput(_context.Chunk.Codec, _pages.BodyLeft) : _pages.BodyLeft;
        if (bodySize > most)
            _context.ThrowCorrupt(
                "A page claims more bytes than its compressed bytes can hold", _pages.PageOffset, $"at most {most}", $"{bodySize}");
    }

    private void Gather(int count, byte* from)
    {
        _context.Reserve(_levels, _levelsHave + count, _levelsHave, "page", _pages.PageOffset);
        Buffer.MemoryCopy(from, _levels.Pointer + _levelsHave, count, count);
        _levelsHave += count;
    }

    private void ReadLevelsLength()
    {
        var length = BinaryPrimitives.ReadUInt32LittleEndian(new ReadOnlySpan<byte>(_levels.Pointer, sizeof(int)));
        if (length > (uint)(_header.UncompressedSize - sizeof(int)))
            _context.Throw("definition levels", DecodeStatus.InvalidLength, _pages.PageOffset);
        _levelsSize = sizeof(int) + (int)length;
    }
}
