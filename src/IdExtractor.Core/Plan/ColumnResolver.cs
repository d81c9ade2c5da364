using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet.Footer;

namespace IdExtractor.Core.Plan;

/// <summary>
/// Finds a column of one file by its name (specification, section 7; decision 11): exactly, else
/// without regard to case, among the top-level columns only.
/// </summary>
internal static class ColumnResolver
{
    private const int NamesShown = 12;

    /// <exception cref="InputDataException">There is no such column, or two could be
    /// meant.</exception>
    /// <exception cref="UnsupportedFileException">The column is nested or repeated.</exception>
    public static ColumnDescriptor Resolve(ParquetFooter footer, string name)
    {
        var leaves = Find(footer, name, StringComparison.Ordinal);
        if (leaves.Count == 0)
            leaves = Find(footer, name, StringComparison.OrdinalIgnoreCase);
        if (leaves.Count == 0)
            throw Missing(footer, name);
        var names = leaves.Select(leaf => leaf.Path[0]).Distinct(StringComparer.Ordinal).ToArray();
        if (names.Length > 1 || leaves.Count(leaf => leaf.Path.Count == 1) > 1)
            throw Ambiguous(footer, name, leaves);
        var column = leaves[0];
        if (column.IsFlat)
            return column;
        throw new UnsupportedFileException("A nested or repeated column cannot be used", new ErrorPlace
        {
            Object = footer.File,
            Column = name,
            Expected = "a flat column",
            Actual = leaves.Count == 1 ? $"'{column.Name}', {column.TypeText}" : $"a group of {leaves.Count} columns",
        }, "name another column, or flatten this one");
    }

    private static List<ColumnDescriptor> Find(ParquetFooter footer, string name, StringComparison comparison) =>
        [.. footer.Columns.Where(column => string.Equals(column.Path[0], name, comparison))];

    private static InputDataException Missing(ParquetFooter footer, string name)
    {
        var names = footer.Columns.Select(column => column.Path[0]).Distinct(StringComparer.Ordinal).ToArray();
        var shown = string.Join(", ", names.Take(NamesShown).Select(known => $"'{known}'"));
        return new InputDataException("A needed column is missing", new ErrorPlace
        {
            Object = footer.File,
            Column = name,
            Actual = names.Length > NamesShown ? $"{shown} and {names.Length - NamesShown} more" : shown.Length > 0 ? shown : "no columns",
        }, "check the name of the column, or remove the file from the table");
    }

    private static InputDataException Ambiguous(ParquetFooter footer, string name, List<ColumnDescriptor> leaves)
    {
        var names = leaves.Select(leaf => leaf.Path[0]).Distinct(StringComparer.Ordinal).ToArray();
        if (names.Length == 1)
        {
            // No name identifies just one of them.
            return new("The file has a column more than once", new ErrorPlace
            {
                Object = footer.File,
                Column = names[0],
                Expected = "one column of this name",
                Actual = $"{leaves.Count}",
            }, "write the file again with different names, or remove it from the table");
        }

        return new("Two columns could be meant", new ErrorPlace
        {
            Object = footer.File,
            Column = name,
            Actual = string.Join(" and ", names.Take(NamesShown).Select(known => $"'{known}'")),
        }, "give the exact name of one of them");
    }
}
