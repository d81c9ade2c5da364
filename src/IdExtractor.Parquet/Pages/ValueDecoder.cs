using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet.Encodings;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// Decodes the non-null values of one page, in any encoding, into a batch. Reusable for page after
/// page.
/// </summary>
internal sealed unsafe class ValueDecoder : IDisposable
{
    /// <summary>
    /// Bytes for values that have to be assembled (shared prefixes, split streams, differences).
    /// </summary>
    private const int ArenaSize = 256 << 10;

    private readonly NativeBuffer _arena = new();
    private RleBitPackedDecoder _indices;
    private DeltaBinaryPackedDecoder _deltas;
    private DeltaLengthByteArrayDecoder _deltaLengths;
    private DeltaByteArrayDecoder _deltaBytes;
    private ParquetEncoding _encoding;
    private PhysicalType _physical;
    private int _width;
    private int _start;
    private int _position;
    private int _end;
    private int _drawn;
    private int _maxValueBytes;
    private ChunkContext _context = null!;
    private long _offset;

    /// <summary>Opens the values of a page.</summary>
    /// <param name="context">The chunk.</param>
    /// <param name="page">The uncompressed page.</param>
    /// <param name="start">Where the values start.</param>
    /// <param name="encoding">The page's encoding.</param>
    /// <param name="offset">Where the page starts in the file, for messages.</param>
    /// <param name="mayBeEmpty">The page may hold no values; even the header of the encoding may be
    /// missing then.</param>
    public DecodeStatus Open(
        ChunkContext context, ReadOnlySpan<byte> page, int start, ParquetEncoding encoding, long offset, bool mayBeEmpty)
    {
        (_context, _offset) = (context, offset);
        _encoding = encoding == ParquetEncoding.PlainDictionary ? ParquetEncoding.RleDictionary : encoding;
        _physical = context.Column.Physical;
        _width = context.Column.FixedWidth;
        _maxValueBytes = context.Limits.MaxValueBytes;
        _start = _position = start;
        _end = page.Length;
        _drawn = 0;
        if (mayBeEmpty && _position == _end)
        {
            // The page holds only nulls, or else the first read reports that the data is too short.
            _encoding = ParquetEncoding.Plain;
            return DecodeStatus.Ok;
        }

        var isInteger = _physical is PhysicalType.Int32 or PhysicalType.Int64;
        switch (_encoding)
        {
            case ParquetEncoding.Plain:
                return DecodeStatus.Ok;
            case ParquetEncoding.RleDictionary:
                return _position < _end ? _indices.Init(page, _position + 1, _end, page[_position]) : DecodeStatus.InputTooShort;
            case ParquetEncoding.DeltaBinaryPacked when isInteger:
                return _deltas.Init(page, _position, _end, _physical == PhysicalType.Int32);
            case ParquetEncoding.DeltaLengthByteArray when _physical == PhysicalType.ByteArray:
                return _deltaLengths.Init(page, _position, _end);
            case ParquetEncoding.DeltaByteArray when !isInteger:
                return _deltaBytes.Init(page, _position, _end);
            case ParquetEncoding.ByteStreamSplit when _physical != PhysicalType.ByteArray:
                return (_end - _start) % Math.Max(_width, 1) == 0 ? DecodeStatus.Ok : DecodeStatus.InvalidLength;
            default:
                return DecodeStatus.Unsupported;
        }
    }

    /// <summary>Decodes the next values.</summary>
    /// <param name="page">The page given to <see cref="Open"/>.</param>
    /// <param name="count">Number of values to decode, at most
    /// <see cref="ColumnBatch.MaxRows"/>.</param>
    /// <param name="dictionary">The chunk's dictionary.</param>
    /// <param name="batch">Receives the values.</param>
    /// <param name="decoded">Number of values decoded. Less than <paramref name="count"/> only when
    /// values are so large that the bounded buffer is full; 0 only when <paramref name="count"/> is
    /// 0.</param>
    public DecodeStatus Read(ReadOnlySpan<byte> page, int count, DictionaryPage dictionary, ColumnBatch batch, out int decoded)
    {
        decoded = count;
        batch.IsDictionary = false;
        batch.Values = default;
        if (count == 0)
            return DecodeStatus.Ok;
        switch (_encoding)
        {
            case ParquetEncoding.RleDictionary:
                return ReadIndices(page, count, dictionary, batch);
            case ParquetEncoding.Plain when _physical == PhysicalType.ByteArray:
                batch.Values = Scattered(page, count, batch);
                return PlainByteArray.Decode(
                    page, ref _position, _end, new Span<int>(batch.OffsetSlots, count), new Span<int>(batch.LengthSlots, count));
            case ParquetEncoding.Plain:
                return ReadPlainFixed(page, count, batch);
            case ParquetEncoding.DeltaLengthByteArray:
                batch.Values = Scattered(page, count, batch);
                return _deltaLengths.Read(page, new Span<int>(batch.OffsetSlots, count), new Span<int>(batch.LengthSlots, count));
            case ParquetEncoding.DeltaByteArray:
                return ReadDeltaBytes(page, count, batch, out decoded);
            case ParquetEncoding.ByteStreamSplit:
                return ReadSplit(page, count, batch);
            default:
                return ReadDeltas(page, count, batch);
        }
    }

    /// <summary>
    /// Releases memory that unusually large values needed, at the start of a chunk.
    /// </summary>
    public void Trim() => _arena.TrimTo(PageReader.KeptBytes);

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable)_arena).Dispose();

    private static ValueView Scattered(ReadOnlySpan<byte> data, int count, ColumnBatch batch)
    {
        // Pages are in unmanaged memory, so the pointer outlives the span.
        fixed (byte* first = data)
            return new ValueView { Data = first, Offsets = batch.OffsetSlots, Lengths = batch.LengthSlots, Count = count };
    }

    private DecodeStatus ReadIndices(ReadOnlySpan<byte> page, int count, DictionaryPage dictionary, ColumnBatch batch)
    {
        var indices = new Span<int>(batch.IndexSlots, count);
        var status = _indices.Read(page, indices);
        if (status != DecodeStatus.Ok)
            return status;
        if (!dictionary.IsPresent || IndexRange.Exceeds(indices, dictionary.Values.Count))
            return DecodeStatus.InvalidValue;
        batch.IsDictionary = true;
        batch.Dictionary = dictionary.Values;
        return DecodeStatus.Ok;
    }

    private DecodeStatus ReadPlainFixed(ReadOnlySpan<byte> page, int count, ColumnBatch batch)
    {
        var status = PlainFixed.Check(page, _position, _end, _width, count);
        if (status != DecodeStatus.Ok)
            return status;
        fixed (byte* first = page)
            batch.Values = new ValueView { Data = first + _position, Width = _width, Count = count };
        _position += count * _width;
        return DecodeStatus.Ok;
    }

    private DecodeStatus ReadDeltas(ReadOnlySpan<byte> page, int count, ColumnBatch batch)
    {
        _arena.Reserve(count * sizeof(long), keep: 0);
        batch.Values = new ValueView { Data = _arena.Pointer, Width = _width, Count = count };
        return _physical == PhysicalType.Int32
            ? _deltas.Read(page, new Span<int>(_arena.Pointer, count))
            : _deltas.Read(page, new Span<long>(_arena.Pointer, count));
    }

    private DecodeStatus ReadSplit(ReadOnlySpan<byte> page, int count, ColumnBatch batch)
    {
        var inPage = _width == 0 ? 0 : (_end - _start) / _width;
        if (count > inPage - _drawn)
            return DecodeStatus.InputTooShort;
        var size = (long)count * _width;
        if (size > Array.MaxLength)
            return DecodeStatus.Unsupported;
        _context.Reserve(_arena, (int)size, keep: 0, "page", _offset);
        var status = ByteStreamSplit.Decode(page, _start, _end, _width, inPage, _drawn, new Span<byte>(_arena.Pointer, (int)size));
        batch.Values = new ValueView { Data = _arena.Pointer, Width = _width, Count = count };
        _drawn += count;
        return status;
    }

    private DecodeStatus ReadDeltaBytes(ReadOnlySpan<byte> page, int count, ColumnBatch batch, out int decoded)
    {
        _arena.Reserve(ArenaSize, keep: 0);
        while (true)
        {
            var used = 0;
            var status = _deltaBytes.Read(page, new Span<byte>(_arena.Pointer, _arena.Capacity), ref used,
                new Span<int>(batch.OffsetSlots, count), new Span<int>(batch.LengthSlots, count), out decoded);
            if (status != DecodeStatus.Ok)
                return status;
            if (decoded > 0)
                break;
            if (_arena.Capacity >= _maxValueBytes)
                return DecodeStatus.InvalidLength;
            _context.Reserve(_arena, (int)Math.Min(_arena.Capacity * 2L, _maxValueBytes), keep: 0, "value", _offset);
        }

        batch.Values = new ValueView { Data = _arena.Pointer, Offsets = batch.OffsetSlots, Lengths = batch.LengthSlots, Count = decoded };
        if (_physical == PhysicalType.FixedLenByteArray && new Span<int>(batch.LengthSlots, decoded).ContainsAnyExcept(_width))
            return DecodeStatus.InvalidLength;
        return DecodeStatus.Ok;
    }
}
