using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IdExtractor.Foundation.Checksums;
using IdExtractor.Foundation.Errors;
using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet.Thrift;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// Walks all or some pages of one chunk. Reads the headers, checks them against the chunk, and
/// returns the bodies, whole or piece by piece, checking CRCs on the way. Bytes that the source can
/// expose are used without copying. Others, or those that are not contiguous, are copied into a
/// private buffer, as large as the largest piece requested. Reusable for one chunk after another.
/// </summary>
internal sealed unsafe class PageReader : IDisposable
{
    /// <summary>
    /// Bytes to request from the source in one call: enough to make calls cheap, few enough to stay
    /// in cache until they are decoded.
    /// </summary>
    private const int ReadSize = 256 << 10;

    /// <summary>
    /// Up to so many bytes that are kept shorten the next read, so that the buffer need not grow
    /// for them.
    /// </summary>
    private const int FewKeptBytes = 16 << 10;

    /// <summary>
    /// A larger buffer is released between chunks: only an unusual page needed it, and others may
    /// be waiting for the memory.
    /// </summary>
    internal const int KeptBytes = 4 << 20;

    private readonly NativeBuffer _buffer = new();
    private ChunkContext _context = null!;
    private ChunkSource _source = null!;
    private PageSelection? _selection;
    private int _nextSelected;
    private byte* _window;
    private bool _lends;
    private int _start;
    private int _end;
    private long _position;
    private long _sourceBytesLeft;
    private long _valuesLeft;
    private int _bodyLeft;
    private uint _crc;

    /// <summary>Header of the current page.</summary>
    public PageHeader Header { get; private set; }

    /// <summary>Where the current page starts in the file.</summary>
    public long PageOffset { get; private set; }

    /// <summary>Rows (values, including nulls) before the current page.</summary>
    public long FirstRow { get; private set; }

    /// <summary>Bytes of the current body that have not been consumed.</summary>
    public int BodyLeft => _bodyLeft;

    /// <summary>
    /// True when a page does not match the offset index. The page is not returned; the chunk must
    /// be read again, without a selection.
    /// </summary>
    public bool ContradictsIndex { get; private set; }

    /// <summary>
    /// Bytes that can be read without a seek: up to the end of the chunk, or of the current run of
    /// contiguous selected pages.
    /// </summary>
    private long BytesLeft => _end - _start + _sourceBytesLeft;

    /// <summary>Opens a chunk.</summary>
    /// <param name="context">The chunk.</param>
    /// <param name="source">Its bytes.</param>
    /// <param name="selection">The data pages to read; null for all.</param>
    public void Open(ChunkContext context, ChunkSource source, PageSelection? selection = null)
    {
        _context = context;
        _source = source;
        _selection = selection;
        _nextSelected = 0;
        ContradictsIndex = false;
        _buffer.TrimTo(KeptBytes);
        _window = _buffer.Pointer;
        _start = _end = 0;
        _lends = false;
        _position = context.Chunk.Offset;
        _sourceBytesLeft = selection is null ? context.Chunk.Length : selection.Index[0].Offset - _position;
        _valuesLeft = context.Chunk.ValueCount;
        _bodyLeft = 0;
        Header = default;
        FirstRow = 0;
    }

    /// <summary>
    /// Moves to the next dictionary or data page. Skips the rest of the current page and pages of
    /// unknown type.
    /// </summary>
    /// <returns>False after the last value of the chunk or the last selected page, and when
    /// <see cref="ContradictsIndex"/>.</returns>
    public bool MoveNext()
    {
        SkipBody();
        if (Header.IsData)
            FirstRow += Header.ValueCount;
        while (_valuesLeft > 0)
        {
            if (_selection is null)
                ReadHeader();
            else if (!MoveToSelected(_selection))
                return false;
            if (Header.IsData)
            {
                if (Header.ValueCount > _valuesLeft)
                    _context.ThrowCorrupt(
                        "The pages hold more values than their chunk", PageOffset, $"at most {_valuesLeft}", $"{Header.ValueCount}");
                _valuesLeft -= Header.ValueCount;
                return true;
            }

            if (Header.Type == PageType.Dictionary)
                return true;
            SkipBody();
        }

        return false;
    }

    /// <summary>
    /// The whole body as one contiguous piece, checked against its CRC. Valid until the next call.
    /// </summary>
    public byte* ReadBody()
    {
        var size = _bodyLeft;
        Fill(size);
        var body = _window + _start;
        ConsumeBody(size);
        return body;
    }

    /// <summary>
    /// Makes at least <paramref name="count"/> contiguous bytes of the body available, or all that
    /// are left. Returns how many are available.
    /// </summary>
    public int FillBody(int count)
    {
        Fill(Math.Min(count, _bodyLeft));
        return Math.Min(_bodyLeft, _end - _start);
    }

    /// <summary>
    /// First byte of the body that has not been consumed. Valid until the next call.
    /// </summary>
    public byte* Body => _window + _start;

    /// <summary>
    /// Consumes bytes of the body that have been read. Checks the CRC at the end of the body.
    /// </summary>
    public void ConsumeBody(int count)
    {
        if (Header.Crc is not null)
            _crc = Crc32.Append(_crc, new ReadOnlySpan<byte>(_window + _start, count));
        Consume(count);
        _bodyLeft -= count;
        if (_bodyLeft == 0 && Header.Crc is { } expected && expected != _crc)
            _context.ThrowCorrupt("A page's CRC does not match its bytes", PageOffset, $"{expected:x8}", $"{_crc:x8}");
    }

    /// <summary>
    /// Returns the memory of an unusually large body that has been consumed, so that others can
    /// have it before the next page is read.
    /// </summary>
    public void ReleaseBody()
    {
        if (_start < _end || _window != _buffer.Pointer)
            return;
        _buffer.TrimTo(KeptBytes);
        _window = _buffer.Pointer;
        _start = _end = 0;
    }

    /// <summary>
    /// Skips the rest of a partly used body. Still reads it when there is a CRC to check.
    /// </summary>
    public void FinishBody()
    {
        while (Header.Crc is not null && _bodyLeft > 0)
            ConsumeBody(FillBody(ReadSize));
        SkipBody();
    }

    /// <summary>Skips the rest of the body without reading it; its CRC is not checked.</summary>
    public void SkipBody()
    {
        var buffered = Math.Min(_bodyLeft, _end - _start);
        Consume(buffered);
        var rest = _bodyLeft - buffered;
        if (rest > 0)
        {
            EndBorrowing();
            _source.Skip(rest);
            _sourceBytesLeft -= rest;
            _position += rest;
        }

        _bodyLeft = 0;
    }

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable)_buffer).Dispose();

    /// <summary>
    /// Moves to the header of the next selected page. Skips nothing before the first data page, so
    /// the dictionary is always read. A header that does not match the index does not throw,
    /// because the index may be the one that is wrong.
    /// </summary>
    private bool MoveToSelected(PageSelection selection)
    {
        var page = -1;
        if (_position >= selection.Index[0].Offset)
        {
            page = selection.NextFrom(_nextSelected);
            if (page < 0)
                return false;
            var target = selection.Index[page];
            if (target.Offset > _position)
            {
                EndBorrowing();
                _source.Skip(target.Offset - _position);
                _position = target.Offset;
            }

            if (BytesLeft == 0)
                _sourceBytesLeft = selection.RunLength(page);
            FirstRow = target.FirstRow;
            _valuesLeft = _context.Chunk.ValueCount - target.FirstRow;
            _nextSelected = page + 1;
        }

        try
        {
            ReadHeader();
        }
        catch (CorruptFileException)
        {
            ContradictsIndex = true;
            return false;
        }

        ContradictsIndex = page < 0
            ? Header.IsData
            : !Header.IsData
                || Header.ValueCount != selection.Index.RowsOf(page)
                || Header.HeaderSize + (long)Header.CompressedSize != selection.Index[page].Size;
        return !ContradictsIndex;
    }

    private void ReadHeader()
    {
        PageOffset = _position;
        var want = 64;
        while (true)
        {
            Fill((int)Math.Min(want, BytesLeft));
            var available = (int)Math.Min(_end - _start, BytesLeft);
            if (TryParse(new ReadOnlySpan<byte>(_window + _start, available)))
                break;
            if (available >= BytesLeft)
                _context.ThrowCorrupt("The chunk ends before all its values", PageOffset, $"{_valuesLeft} more values");
            if (available >= _context.Limits.MaxPageHeaderBytes)
                _context.ThrowCorrupt("A page header is too long", PageOffset, $"at most {_context.Limits.MaxPageHeaderBytes} bytes");
            want = (int)Math.Min((long)available * 2 + 64, int.MaxValue / 2);
        }

        Consume(Header.HeaderSize);
        if (Header.CompressedSize > BytesLeft)
            _context.ThrowCorrupt(
                "A page runs past the end of its chunk", PageOffset, $"at most {BytesLeft} bytes", $"{Header.CompressedSize}");
        _bodyLeft = Header.CompressedSize;
        _crc = 0;
    }

    private bool TryParse(ReadOnlySpan<byte> input)
    {
        try
        {
            if (!PageHeaderParser.TryRead(input, _context.Limits, out var header))
                return false;
            Header = header;
            return true;
        }
        catch (ThriftFormatException e)
        {
            _context.ThrowCorrupt($"A page header is malformed ({e.Message})", PageOffset + e.Position, inner: e);
            return false;
        }
    }

    private void Consume(int count)
    {
        _start += count;
        _position += count;
    }

    /// <summary>
    /// Reads until <paramref name="count"/> contiguous bytes are available at the start of the
    /// window.
    /// </summary>
    private void Fill(int count)
    {
        if (_end - _start >= count || TryBorrow(count))
            return;
        MakeRoom(count);
        EndBorrowing();
        while (_end - _start < count)
        {
            var room = (int)Math.Min(
                Math.Min(_buffer.Capacity - _end, _lends ? count - (_end - _start) : Math.Max(ReadSize, count)), _sourceBytesLeft);
            var read = room == 0 ? 0 : _source.Read(_buffer.Memory.Slice(_end, room));
            if (read == 0)
                _context.ThrowCorrupt("The file ends inside a chunk", PageOffset);
            _end += read;
            _sourceBytesLeft -= read;
        }
    }

    /// <summary>
    /// Uses the source's own memory as the window, from the first unconsumed byte on, if enough
    /// bytes are contiguous there. The window may then include bytes that were copied earlier,
    /// because they were not contiguous with bytes consumed since.
    /// </summary>
    private bool TryBorrow(int count)
    {
        var kept = _end - _start;
        var lent = count > kept + _sourceBytesLeft ? [] : _source.Lend(kept, count, (int)Math.Min(kept + _sourceBytesLeft, int.MaxValue));
        if (lent.IsEmpty)
            return false;
        _lends = true;
        _window = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(lent));
        (_start, _end) = (0, lent.Length);
        _sourceBytesLeft -= lent.Length - kept;
        return true;
    }

    /// <summary>
    /// Before each call that makes bytes borrowed from the source invalid: none of them may still
    /// be needed.
    /// </summary>
    [Conditional("DEBUG")]
    private void EndBorrowing() =>
        Debug.Assert(_window == _buffer.Pointer || _start == _end, "Borrowed bytes are consumed or copied before the source moves on.");

    private void MakeRoom(int count)
    {
        var kept = _end - _start;

        // Room for one read beyond the kept bytes, or for the requested piece, but never for more
        // than the chunk still has. When the source exposes its memory, copy only what is
        // necessary.
        var target = Math.Min(Math.Max((long)count, _lends ? 0 : ReadSize + (kept > FewKeptBytes ? kept : 0L)), kept + _sourceBytesLeft);
        var isOwn = _window == _buffer.Pointer;
        if (isOwn && _start > 0)
        {
            Buffer.MemoryCopy(_window + _start, _window, kept, kept);
            (_start, _end) = (0, kept);
        }

        if (target > _buffer.Capacity)
            _context.Reserve(_buffer, (int)target, isOwn ? kept : 0, "page", PageOffset);
        if (!isOwn && kept > 0)
            Buffer.MemoryCopy(_window + _start, _buffer.Pointer, kept, kept);
        _window = _buffer.Pointer;
        (_start, _end) = (0, kept);
    }
}
