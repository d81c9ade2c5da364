using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet.Footer;

namespace IdExtractor.Core.Plan;

/// <summary>
/// Holds one column of all files of a partition to types that can be used, and that go together.
/// For one thread.
/// </summary>
internal sealed class ColumnAgreement(string name, ColumnRole role)
{
    private ColumnFamily? _family;
    private ColumnDescriptor? _first;
    private string _firstFile = "";

    /// <summary>The column in one more file.</summary>
    /// <exception cref="InputDataException">It is missing, or two could be meant, or it has another
    /// type than in a file before.</exception>
    /// <exception cref="UnsupportedFileException">It is nested, or its type cannot be
    /// used.</exception>
    public ColumnDescriptor Resolve(ParquetFooter footer)
    {
        var column = ColumnResolver.Resolve(footer, name);
        if (ColumnFamily.Of(column, role) is not { } family)
        {
            throw new UnsupportedFileException(
                role == ColumnRole.Key
                    ? "The type of the key column cannot be compared with CPFs"
                    : "The type of the ID column cannot be published",
                new ErrorPlace
                {
                    Object = footer.File,
                    Column = column.Name,
                    Expected = role == ColumnRole.Key
                        ? "text, bytes, an integer or DECIMAL with scale 0"
                        : "text, bytes, an integer, DECIMAL or UUID",
                    Actual = column.TypeText,
                }, "name another column, or write this one as text");
        }

        if (_family is { } known && !known.AgreesWith(family))
        {
            throw new InputDataException("A column has another type than in the files beside", new ErrorPlace
            {
                Object = footer.File,
                Column = column.Name,
                Expected = $"{_first!.TypeText} as in {_firstFile}",
                Actual = column.TypeText,
            }, "write all files of the partition with one type");
        }

        if (_family is null or { Kind: ColumnFamily.Values.Nothing })
        {
            _family = family;
            _first = column;
            _firstFile = footer.File;
        }

        return column;
    }
}
