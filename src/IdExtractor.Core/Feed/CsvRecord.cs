namespace IdExtractor.Core.Feed;

/// <summary>
/// Splits one record of separated values (RFC 4180). Blanks and tabs between a closing quote and
/// the separator are allowed.
/// </summary>
internal static class CsvRecord
{
    /// <summary>Returns one field of a record and the number of its fields.</summary>
    /// <param name="record">The record without its line end.</param>
    /// <param name="separator">The byte between fields; null when the record is one field.</param>
    /// <param name="wanted">Index of the field, from 0.</param>
    /// <param name="field">The field without its quotes; empty when the record has too few
    /// fields.</param>
    /// <param name="count">Fields in the record.</param>
    /// <returns>False when a quote is not closed, or when other text follows a closing
    /// quote.</returns>
    public static bool TryGetField(ReadOnlySpan<byte> record, byte? separator, int wanted, out ReadOnlySpan<byte> field, out int count)
    {
        field = default;
        count = 0;
        while (true)
        {
            if (!TryTake(record, separator, out var raw, out var rest, out var isLast))
                return false;
            if (count++ == wanted)
                field = raw is [(byte)'"', ..] ? Unquote(raw) : raw;
            if (isLast)
                return true;
            record = rest;
        }
    }

    private static bool TryTake(
        ReadOnlySpan<byte> text, byte? separator, out ReadOnlySpan<byte> raw, out ReadOnlySpan<byte> rest, out bool isLast)
    {
        var start = 0;
        if (text is [(byte)'"', ..])
        {
            start = EndOfQuoted(text);
            if (start < 0)
            {
                raw = rest = default;
                isLast = true;
                return false;
            }
        }

        var length = separator is { } value ? text[start..].IndexOf(value) : -1;
        isLast = length < 0;
        var end = isLast ? text.Length : start + length;
        rest = isLast ? default : text[(end + 1)..];
        raw = start == 0 ? text[..end] : text[..start];
        return start == 0 || text[start..end].Trim(" \t"u8).IsEmpty;
    }

    /// <summary>The position after the closing quote; -1 when there is none.</summary>
    private static int EndOfQuoted(ReadOnlySpan<byte> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] != (byte)'"')
                continue;
            if (i + 1 < text.Length && text[i + 1] == (byte)'"')
                i++;
            else
                return i + 1;
        }

        return -1;
    }

    private static ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> quoted)
    {
        var inner = quoted[1..^1];
        if (!inner.Contains((byte)'"'))
            return inner;
        var bytes = new byte[inner.Length];
        var length = 0;
        for (var i = 0; i < inner.Length; i++)
        {
            bytes[length++] = inner[i];
            if (inner[i] == (byte)'"')
                i++;
        }

        return bytes.AsSpan(0, length);
    }
}
