using System.Globalization;
using IdExtractor.Core.Errors;
using IdExtractor.Core.Read;

namespace IdExtractor.Core.Match;

/// <summary>
/// Finds the values of one column in a list that arrives in pieces. The first record is a header when a field of it is the column's name (exactly, else without regard to case);
/// its separator, one of <c>, ; tab |</c>, is then the list's. A first record of one field that is not the name is a value already: one value a line. Quotes are those of RFC 4180;
/// records end at LF or CR LF; a UTF-8 byte order mark is passed over; empty lines are no records. Bytes need not be UTF-8. Messages tell lines, never values.
/// </summary>
internal sealed class KeyListParser(string file, string keyColumn, BytesHandler handler)
{
    /// <summary>Longest record, in bytes.</summary>
    public const int MaxRecordBytes = 1 << 20;

    private byte[] _record = new byte[1 << 12];
    private int _length;
    private long _line = 1;
    private long _recordLine = 1;
    private bool _isFirst = true;
    private Place _place = Place.FieldStart;
    private KeyListLayout? _layout;

    private enum Place
    {
        FieldStart,
        Plain,
        Quoted,
        AfterQuote,
    }

    private static ReadOnlySpan<byte> Utf8Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>Takes the next bytes.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (value == (byte)'\n')
            {
                _line++;
                if (_place != Place.Quoted)
                {
                    EndRecord();
                    continue;
                }
            }

            Append(value);
        }
    }

    /// <summary>Ends the list; a last record needs no line end.</summary>
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
        if (_isFirst && _length <= Utf8Mark.Length)
            LookAtBeginning();
    }

    /// <summary>What the first bytes of a list may tell of the rest.</summary>
    private void LookAtBeginning()
    {
        ReadOnlySpan<byte> record = _record.AsSpan(0, _length);
        if (record is [0xFF, 0xFE] or [0xFE, 0xFF])
            throw new CorruptFileException("The list is UTF-16 text", ErrorPlace.Of(file), "save it as UTF-8");
        if (record is [0x1F, 0x8B])
            throw new CorruptFileException("The list is gzipped, which its name does not say", ErrorPlace.Of(file), "give it a name that ends with .gz, or unpack it");
        if (!record.SequenceEqual(Utf8Mark))
            return;
        _length = 0;
        _place = Place.FieldStart;
    }

    /// <summary>A quote opens a field only at its start; behind a closing quote it reopens it, which makes a doubled one a quote of the field.</summary>
    private Place Next(byte value) => value switch
    {
        (byte)'"' when _place is Place.FieldStart or Place.AfterQuote => Place.Quoted,
        (byte)'"' when _place == Place.Quoted => Place.AfterQuote,
        _ when _place == Place.Quoted => Place.Quoted,
        _ => IsSeparator(value) ? Place.FieldStart : Place.Plain,
    };

    private bool IsSeparator(byte value) => _layout is { } known ? value == known.Separator : KeyListLayout.Separators.Contains(value);

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
            _layout = KeyListLayout.Detect(file, record, keyColumn);
            if (_layout.HasHeader)
                return;
        }

        if (!CsvRecord.TryGetField(record, _layout.Separator, _layout.KeyField, out var field, out var count))
            throw Malformed("A quote stands where none may be");
        if (count != _layout.FieldCount)
            throw Malformed($"A record has {count} fields where the header has {_layout.FieldCount}");
        handler(field);
    }

    private CorruptFileException Malformed(string problem) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{problem}, in the record at line {_recordLine}"), ErrorPlace.Of(file), "correct the list");
}
