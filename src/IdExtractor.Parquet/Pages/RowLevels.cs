using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// Maps between the rows and the values of one page, in ascending order: values to rows while
/// documents are matched, rows to values while ids are read. Reusable.
/// </summary>
internal sealed unsafe class RowLevels
{
    private const int BatchRows = ColumnBatch.MaxRows;
    private const int BitsInWord = LevelPacking.BitsInWord;

    private readonly byte[] _batch = new byte[BatchRows];

    /// <summary>
    /// The same levels with one bit per row, so that rows can be skipped a word at a time.
    /// </summary>
    private readonly ulong[] _bits = new ulong[BatchRows / BitsInWord];
    private LevelDecoder _decoder;
    private byte* _levels;
    private int _levelsLength;
    private int _rows;
    private int _batchEnd;
    private int _batchLength;
    private int _row;
    private int _value;

    /// <summary>Number of rows that hold a value.</summary>
    public int ValueCount { get; private set; }

    /// <summary>True when every row holds a value.</summary>
    public bool IsDense => ValueCount == _rows;

    /// <summary>Opens a page.</summary>
    /// <param name="levels">The section of the levels (with its length, for first-version pages).
    /// Must not move while it is in use.</param>
    /// <param name="length">Length of the section, in bytes.</param>
    /// <param name="header">The page's header.</param>
    /// <param name="isOptional">Whether the column has definition levels.</param>
    public DecodeStatus Open(byte* levels, int length, in PageHeader header, bool isOptional)
    {
        _levels = levels;
        _levelsLength = length;
        _rows = ValueCount = header.ValueCount;
        var section = new ReadOnlySpan<byte>(levels, length);
        var status = _decoder.Open(section, header, isOptional, out _);
        if (status != DecodeStatus.Ok || _decoder.IsAllValid(section, _rows))
            return status;
        ValueCount = 0;
        for (var row = 0; row < _rows; row += BatchRows)
        {
            var batch = _batch.AsSpan(0, Math.Min(BatchRows, _rows - row));
            status = _decoder.Read(section, batch);
            if (status != DecodeStatus.Ok)
                return status;
            ValueCount += LevelCounter.CountSet(batch);
        }

        _row = _value = _batchEnd = _batchLength = 0;
        return _decoder.Open(section, header, isOptional, out _);
    }

    /// <summary>The row that holds a value.</summary>
    /// <param name="value">Below <see cref="ValueCount"/>, and not below that of an earlier
    /// call.</param>
    public int RowOfValue(int value)
    {
        if (IsDense)
            return value;
        while (true)
        {
            if (_row == _batchEnd)
                LoadBatch();
            var at = _row - BatchStart;
            var row = 0;
            var found = NullExpansion.RowsOf(
                _bits, _batchLength, ref at, ref _value, new ReadOnlySpan<int>(in value), new Span<int>(ref row));
            _row = BatchStart + at;
            if (found != 0)
                return BatchStart + row;
        }
    }

    /// <summary>The value in a row; -1 when it is null.</summary>
    /// <param name="row">A row of the page, not before that of an earlier call.</param>
    public int ValueOfRow(int row)
    {
        if (IsDense)
            return row;
        while (_row < row)
        {
            if (_row == _batchEnd)
                LoadBatch();
            var until = Math.Min(row, _batchEnd);
            _value += NullExpansion.ValuesBetween(_bits, _row - BatchStart, until - BatchStart);
            _row = until;
        }

        if (_row == _batchEnd)
            LoadBatch();
        return NullExpansion.ValuesBetween(_bits, _row - BatchStart, _row - BatchStart + 1) != 0 ? _value : -1;
    }

    private int BatchStart => _batchEnd - _batchLength;

    private void LoadBatch()
    {
        _batchLength = Math.Min(BatchRows, _rows - _batchEnd);
        _batchEnd += _batchLength;

        // These levels were decoded without error when they were counted, so the status is Ok.
        _decoder.Read(new ReadOnlySpan<byte>(_levels, _levelsLength), _batch.AsSpan(0, _batchLength));
        LevelPacking.Pack(_batch.AsSpan(0, _batchLength), _bits);
    }
}
