using System.Text;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Feed;

/// <summary>Describes a text of separated values and the wanted column.</summary>
/// <param name="File">Path or URI, for messages.</param>
/// <param name="Kind">The word for the file in messages: <c>list</c> or <c>part</c>.</param>
/// <param name="Column">Name of the wanted column.</param>
/// <param name="Option">The option that names another column, for advice.</param>
/// <param name="NeedsHeader">The first record must name the columns; otherwise, a first record with
/// one field may be a value.</param>
internal sealed record CsvSource(string File, string Kind, string Column, string Option, bool NeedsHeader);

/// <summary>The layout of a text's records, detected from its first record.</summary>
/// <param name="HasHeader">The first record names the columns; otherwise, it is a value.</param>
/// <param name="Separator">The byte between fields; null when records have one field.</param>
/// <param name="Field">Index of the wanted field, from 0.</param>
/// <param name="FieldCount">Number of fields per record.</param>
internal sealed record CsvLayout(bool HasHeader, byte? Separator, int Field, int FieldCount)
{
    /// <summary>The bytes that may separate fields.</summary>
    public static ReadOnlySpan<byte> Separators => ",;\t|"u8;

    /// <summary>Detects the layout from the first record.</summary>
    /// <param name="source">The text.</param>
    /// <param name="first">The record.</param>
    /// <param name="separator">The separator, if the text names it; null to detect it.</param>
    /// <exception cref="InputDataException">The record should name the column and does not, or
    /// names it twice.</exception>
    public static CsvLayout Detect(CsvSource source, ReadOnlySpan<byte> first, byte? separator)
    {
        var separators = separator is { } known ? [known] : Separators.ToArray();
        var isTable = false;
        foreach (var comparison in (ReadOnlySpan<StringComparison>)[StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase])
        {
            foreach (var candidate in separators)
            {
                var names = Split(first, candidate);
                isTable |= names.Count(name => name.Length > 0) > 1;
                if (names.Count > 1 && Find(source, names, comparison) is { } found)
                    return new CsvLayout(true, candidate, found, names.Count);
            }
        }

        var only = Split(first, null);
        var isHeader = only.Count == 1 && string.Equals(only[0], source.Column, StringComparison.OrdinalIgnoreCase);
        if (!isHeader && (isTable || source.NeedsHeader))
        {
            throw new InputDataException($"The first line of the {source.Kind} does not name the column", new ErrorPlace
            {
                Object = source.File,
                Column = source.Column,
            }, $"add a header, or name the column with {source.Option}");
        }

        return new CsvLayout(isHeader, null, 0, 1);
    }

    private static int? Find(CsvSource source, List<string> names, StringComparison comparison)
    {
        var matches = Enumerable.Range(0, names.Count).Where(i => string.Equals(names[i], source.Column, comparison)).ToArray();
        if (matches.Length < 2)
            return matches.Length == 0 ? null : matches[0];
        throw new InputDataException($"Two columns of the {source.Kind} have the column's name", new ErrorPlace
        {
            Object = source.File,
            Column = source.Column,
            Actual = $"'{names[matches[0]]}' and '{names[matches[1]]}'",
        }, "rename one of them");
    }

    /// <summary>
    /// The record's fields, trimmed of blanks; empty when its quotes are malformed.
    /// </summary>
    private static List<string> Split(ReadOnlySpan<byte> record, byte? separator)
    {
        var names = new List<string>();
        for (var i = 0; CsvRecord.TryGetField(record, separator, i, out var field, out var count) && i < count; i++)
            names.Add(Encoding.UTF8.GetString(field).Trim(' ', '\t'));
        return names;
    }
}
