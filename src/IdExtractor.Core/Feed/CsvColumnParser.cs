using System.Globalization;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Feed;

/// <summary>
/// Finds the values of one column in a text that arrives in pieces. The first record is a header
/// when a field of it is the column's name (exactly, else without regard to case); its separator,
/// one of <c>, ; tab |</c>, is then the text's. Where no header is demanded, a first record of one
/// field that is not the name is a value already: one value per line. Quotes are those of RFC 4180.
/// </summary>
/// <remarks>
/// Records end at LF or CR LF, or, in a text whose first record ends so, at CR alone, as old
/// spreadsheets write it. A UTF-8 byte order mark is skipped, and so is a first line <c>sep=;</c>,
/// by which Excel names the separator. Empty lines are no records. Bytes need not be UTF-8.
/// Messages name lines, never values.
/// </remarks>
internal sealed class CsvColumnParser(CsvSource source, BytesHandler handler)
{
    /// <summary>Longest record, in bytes.</summary>
    public const int MaxRecordBytes = 1 << 20;

    private byte[] _record = new byte[1 << 12];
    private int _length;
    private long _line = 1;
    private long _recordLine = 1;
    private bool _isFirst = true;
    private bool _afterCr;
    private bool? _endsAtCr;
    private byte? _separator;
    private Place _place = Place.FieldStart;
    private CsvLayout? _layout;

    private enum Place
    {
        FieldStart,
        Plain,
        Quoted,
        AfterQuote,
    }

    private static ReadOnlySpan<byte> Utf8Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>Parses the next bytes.</summary>
    /// <exception cref="CorruptFileException">The text is not CSV.</exception>
    /// <exception cref="InputDataException">The header does not name the column.</exception>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (value == (byte)'\n')
            {
                _line++;
                _afterCr = false;
                if (_place != Place.Quoted)
                {
                    _endsAtCr ??= false;
                    EndRecord();
                    continue;
                }
            }

            if (_afterCr && (_endsAtCr ??= true))
            {
                _line++;
                EndRecord();
            }

            Append(value);
            _afterCr = value == (byte)'\r' && _place != Place.Quoted;
        }
    }

    /// <summary>Ends the text; the last record needs no line end.</summary>
    public void Finish()
    {
        if (_place == Place.Quoted)
            throw Malformed("A quoted field is not closed");
        EndRecord();
    }

    private void Append(byte value)
    {
        if (_length == MaxRecordBytes)
            throw Malformed($"A line is longer than {MaxRecordBytes} bytes");
        if (_length == _record.Length)
            Array.Resize(ref _record, _length * 2);
        _record[_length++] = value;
        _place = Next(value);
        if (_isFirst && _length <= FileSignature.MaxLength)
            LookAtBeginning();
    }

    /// <summary>Checks the first bytes of a text for hints about the rest.</summary>
    private void LookAtBeginning()
    {
        ReadOnlySpan<byte> record = _record.AsSpan(0, _length);
        if (FileSignature.Find(record) is { } other)
            throw new CorruptFileException($"The {source.Kind} is {other.What}", ErrorPlace.Of(source.File), other.Advice);
        if (!record.SequenceEqual(Utf8Mark))
            return;
        _length = 0;
        _place = Place.FieldStart;
    }

    /// <summary>
    /// A quote opens a field only at its start. A quote after a closing quote reopens the field, so
    /// a doubled quote becomes a quote in the field.
    /// </summary>
    private Place Next(byte value) => value switch
    {
        (byte)'"' when _place is Place.FieldStart or Place.AfterQuote => Place.Quoted,
        (byte)'"' when _place == Place.Quoted => Place.AfterQuote,
        _ when _place == Place.Quoted => Place.Quoted,
        _ => IsSeparator(value) ? Place.FieldStart : Place.Plain,
    };

    private bool IsSeparator(byte value) =>
        _layout is { } known ? value == known.Separator : _separator is { } named ? value == named : CsvLayout.Separators.Contains(value);

    private void EndRecord()
    {
        ReadOnlySpan<byte> record = _record.AsSpan(0, _length);
        if (record is [.., (byte)'\r'])
            record = record[..^1];
        if (!record.IsEmpty)
            Take(record);
        _isFirst = false;
        _length = 0;
        _place = Place.FieldStart;
        _recordLine = _line;
    }

    private void Take(ReadOnlySpan<byte> record)
    {
        if (_layout is null)
        {
            if (_isFirst && TryReadSeparator(record))
                return;
            _layout = CsvLayout.Detect(source, record, _separator);
            if (_layout.HasHeader)
                return;
        }

        if (!CsvRecord.TryGetField(record, _layout.Separator, _layout.Field, out var field, out var count))
            throw Malformed("A quote is where none may be");
        if (count != _layout.FieldCount)
            throw Malformed($"A record has {count} fields where the header has {_layout.FieldCount}");
        handler(field);
    }

    private bool TryReadSeparator(ReadOnlySpan<byte> record)
    {
        if (record is not [(byte)'s' or (byte)'S', (byte)'e' or (byte)'E', (byte)'p' or (byte)'P', (byte)'=', var separator])
            return false;
        _separator = separator;
        return true;
    }

    private CorruptFileException Malformed(string problem) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"{problem}, in the record at line {_recordLine}"), ErrorPlace.Of(source.File),
            $"correct the {source.Kind}");
}
