using System.Text;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Feed;

/// <summary>What a text of separated values is, and which of its columns is wanted.</summary>
/// <param name="File">Path or URI, for messages.</param>
/// <param name="Kind">What the file is in messages: <c>list</c> or <c>part</c>.</param>
/// <param name="Column">Name of the wanted column.</param>
/// <param name="Option">The option that names another column, for advice.</param>
/// <param name="NeedsHeader">The first record must name the columns; else a first record of one
/// field may be a value.</param>
internal sealed record CsvSource(string File, string Kind, string Column, string Option, bool NeedsHeader);

/// <summary>How the records of a text are laid out, as its first record tells.</summary>
/// <param name="HasHeader">The first record names the columns; else it is a value.</param>
/// <param name="Separator">The byte between fields; null when records have one field.</param>
/// <param name="Field">Which field is wanted, from 0.</param>
/// <param name="FieldCount">Fields in every record.</param>
internal sealed record CsvLayout(bool HasHeader, byte? Separator, int Field, int FieldCount)
{
    /// <summary>What may separate fields.</summary>
    public static ReadOnlySpan<byte> Separators => ",;\t|"u8;

    /// <summary>Reads the first record.</summary>
    /// <param name="source">What is read.</param>
    /// <param name="first">The record.</param>
    /// <param name="separator">The separator, where the text names it; null to find it out.</param>
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
    /// The record's fields without blanks around them; none when its quotes are malformed.
    /// </summary>
    private static List<string> Split(ReadOnlySpan<byte> record, byte? separator)
    {
        var names = new List<string>();
        for (var i = 0; CsvRecord.TryGetField(record, separator, i, out var field, out var count) && i < count; i++)
            names.Add(Encoding.UTF8.GetString(field).Trim(' ', '\t'));
        return names;
    }
}
