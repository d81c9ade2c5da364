using System.Text;
using IdExtractor.Core.Errors;

namespace IdExtractor.Core.Match;

/// <summary>How the records of a list are laid out, as its first record tells.</summary>
/// <param name="HasHeader">The first record names the columns; else it is a value.</param>
/// <param name="Separator">The byte between fields; null when records have one field.</param>
/// <param name="KeyField">Which field is the key, from 0.</param>
/// <param name="FieldCount">Fields in every record.</param>
internal sealed record KeyListLayout(bool HasHeader, byte? Separator, int KeyField, int FieldCount)
{
    /// <summary>What may stand between fields.</summary>
    public static ReadOnlySpan<byte> Separators => ",;\t|"u8;

    /// <exception cref="InputDataException">The record has several fields and none is the key column, or two are.</exception>
    public static KeyListLayout Detect(string file, ReadOnlySpan<byte> first, string keyColumn)
    {
        var isTable = false;
        foreach (var comparison in (ReadOnlySpan<StringComparison>)[StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase])
        {
            foreach (var separator in Separators)
            {
                var names = Split(first, separator);
                isTable |= names.Count(name => name.Length > 0) > 1;
                if (names.Count > 1 && Find(file, names, keyColumn, comparison) is { } found)
                    return new KeyListLayout(true, separator, found, names.Count);
            }
        }

        if (isTable)
        {
            throw new InputDataException("The list has several columns and its first line does not name the key column", new ErrorPlace
            {
                Object = file,
                Column = keyColumn,
            }, "add a header, or name the column with --key-column-a");
        }

        var only = Split(first, null);
        var isHeader = only.Count == 1 && string.Equals(only[0], keyColumn, StringComparison.OrdinalIgnoreCase);
        return new KeyListLayout(isHeader, null, 0, 1);
    }

    private static int? Find(string file, List<string> names, string keyColumn, StringComparison comparison)
    {
        var matches = Enumerable.Range(0, names.Count).Where(i => string.Equals(names[i], keyColumn, comparison)).ToArray();
        if (matches.Length < 2)
            return matches.Length == 0 ? null : matches[0];
        throw new InputDataException("Two columns of the list could be the key column", new ErrorPlace
        {
            Object = file,
            Column = keyColumn,
            Actual = $"'{names[matches[0]]}' and '{names[matches[1]]}'",
        }, "rename one of them");
    }

    /// <summary>The record's fields without blanks around them; none when its quotes are malformed.</summary>
    private static List<string> Split(ReadOnlySpan<byte> record, byte? separator)
    {
        var names = new List<string>();
        for (var i = 0; CsvRecord.TryGetField(record, separator, i, out var field, out var count) && i < count; i++)
            names.Add(Encoding.UTF8.GetString(field).Trim(' ', '\t'));
        return names;
    }
}
