using IdExtractor.Core.Parquet.Thrift;
using IdExtractor.Core.Primitives;

namespace IdExtractor.Core.Parquet.Pages;

/// <summary>
/// Walks the pages of one chunk: reads headers, checks them against the chunk, and hands out bodies, either whole or piece by piece, checking CRCs on the way.
/// Reusable for one chunk after another; its buffer is as large as the largest piece that somebody asked for.
/// </summary>
internal sealed unsafe class PageReader : IDisposable
{
    /// <summary>Bytes asked of the source at once: large enough to make calls cheap, small enough to stay in cache until they are decoded.</summary>
    private const int ReadSize = 256 << 10;

    private readonly NativeBuffer _buffer = new();
    private ChunkContext _context = null!;
    private ChunkSource _source = null!;
    private int _start;
    private int _end;
    private long _chunkBytesLeft;
    private long _sourceBytesLeft;
    private long _valuesLeft;
    private int _bodyLeft;
    private uint _crc;

    /// <summary>Header of the page at hand.</summary>
    public PageHeader Header { get; private set; }

    /// <summary>Where the page at hand begins in the file.</summary>
    public long PageOffset { get; private set; }

    /// <summary>Rows (values, nulls counted) before the page at hand.</summary>
    public long FirstRow { get; private set; }

    /// <summary>Bytes of the body at hand that have not been consumed.</summary>
    public int BodyLeft => _bodyLeft;

    /// <summary>Begins a chunk.</summary>
    public void Open(ChunkContext context, ChunkSource source)
    {
        _context = context;
        _source = source;
        _start = _end = 0;
        _chunkBytesLeft = _sourceBytesLeft = context.Chunk.Length;
        _valuesLeft = context.Chunk.ValueCount;
        _bodyLeft = 0;
        Header = default;
        FirstRow = 0;
    }

    /// <summary>Goes to the next dictionary or data page, passing over what is left of the one at hand and over pages of unknown type.</summary>
    /// <returns>False after the last value of the chunk.</returns>
    public bool MoveNext()
    {
        SkipBody();
        if (Header.IsData)
            FirstRow += Header.ValueCount;
        while (_valuesLeft > 0)
        {
            ReadHeader();
            if (Header.IsData)
            {
                if (Header.ValueCount > _valuesLeft)
                    _context.ThrowCorrupt("The pages hold more values than their chunk", PageOffset, $"at most {_valuesLeft}", $"{Header.ValueCount}");
                _valuesLeft -= Header.ValueCount;
                return true;
            }

            if (Header.Type == PageType.Dictionary)
                return true;
            SkipBody();
        }

        return false;
    }

    /// <summary>The whole body, in one piece, checked against its CRC. Valid until the next call.</summary>
    public byte* ReadBody()
    {
        var size = _bodyLeft;
        Fill(size);
        var body = _buffer.Pointer + _start;
        ConsumeBody(size);
        return body;
    }

    /// <summary>Makes at least <paramref name="count"/> bytes of the body available in one piece, or all that is left of it, and tells how many there are.</summary>
    public int FillBody(int count)
    {
        Fill(Math.Min(count, _bodyLeft));
        return Math.Min(_bodyLeft, _end - _start);
    }

    /// <summary>First byte of the body that has not been consumed. Valid until the next call.</summary>
    public byte* Body => _buffer.Pointer + _start;

    /// <summary>Passes over bytes of the body that have been read; at its end the CRC is checked.</summary>
    public void ConsumeBody(int count)
    {
        if (Header.Crc is not null)
            _crc = Crc32.Append(_crc, new ReadOnlySpan<byte>(_buffer.Pointer + _start, count));
        Consume(count);
        _bodyLeft -= count;
        if (_bodyLeft == 0 && Header.Crc is { } expected && expected != _crc)
            _context.ThrowCorrupt("A page's CRC does not match its bytes", PageOffset, $"{expected:x8}", $"{_crc:x8}");
    }

    /// <summary>Passes over the rest of a body of which a part has been used: through the CRC, if there is one.</summary>
    public void FinishBody()
    {
        while (Header.Crc is not null && _bodyLeft > 0)
            ConsumeBody(FillBody(ReadSize));
        SkipBody();
    }

    /// <summary>Passes over the rest of the body without looking at it; its CRC stays unchecked.</summary>
    public void SkipBody()
    {
        var buffered = Math.Min(_bodyLeft, _end - _start);
        Consume(buffered);
        var rest = _bodyLeft - buffered;
        if (rest > 0)
        {
            _source.Skip(rest);
            _sourceBytesLeft -= rest;
            _chunkBytesLeft -= rest;
        }

        _bodyLeft = 0;
    }

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable)_buffer).Dispose();

    private void ReadHeader()
    {
        PageOffset = _context.Chunk.Offset + _context.Chunk.Length - _chunkBytesLeft;
        var want = 64;
        while (true)
        {
            Fill((int)Math.Min(want, _chunkBytesLeft));
            var available = (int)Math.Min(_end - _start, _chunkBytesLeft);
            if (TryParse(new ReadOnlySpan<byte>(_buffer.Pointer + _start, available)))
                break;
            if (available >= _chunkBytesLeft)
                _context.ThrowCorrupt("The chunk ends before all its values", PageOffset, $"{_valuesLeft} more values");
            if (available >= _context.Limits.MaxPageHeaderBytes)
                _context.ThrowCorrupt("A page header is too long", PageOffset, $"at most {_context.Limits.MaxPageHeaderBytes} bytes");
            want = (int)Math.Min((long)available * 2 + 64, int.MaxValue / 2);
        }

        Consume(Header.HeaderSize);
        if (Header.CompressedSize > _chunkBytesLeft)
            _context.ThrowCorrupt("A page runs past the end of its chunk", PageOffset, $"at most {_chunkBytesLeft} bytes", $"{Header.CompressedSize}");
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
        _chunkBytesLeft -= count;
    }

    /// <summary>Reads until <paramref name="count"/> bytes stand in one piece at the start of the window.</summary>
    private void Fill(int count)
    {
        if (_end - _start >= count)
            return;
        MakeRoom(count);
        while (_end - _start < count)
        {
            var room = (int)Math.Min(Math.Min(_buffer.Capacity - _end, Math.Max(ReadSize, count)), _sourceBytesLeft);
            var read = room == 0 ? 0 : _source.Read(_buffer.Memory.Slice(_end, room));
            if (read == 0)
                _context.ThrowCorrupt("The file ends inside a chunk", PageOffset);
            _end += read;
            _sourceBytesLeft -= read;
        }
    }

    private void MakeRoom(int count)
    {
        var kept = _end - _start;
        if (_start > 0)
        {
            if (kept > 0)
                Buffer.MemoryCopy(_buffer.Pointer + _start, _buffer.Pointer, kept, kept);
            _start = 0;
            _end = kept;
        }

        // Room for one whole read beyond what is kept, or for the piece that is asked for; never more than the chunk still has.
        var target = Math.Min(Math.Max((long)count, kept + (long)ReadSize), kept + _sourceBytesLeft);
        if (target > _buffer.Capacity)
            _buffer.Reserve((int)target, kept);
    }
}
