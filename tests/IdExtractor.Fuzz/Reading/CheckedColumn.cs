using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet.Footer;

namespace IdExtractor.Fuzz.Reading;

/// <summary>One column of a file under check, with what the plain reading made of it.</summary>
internal sealed class CheckedColumn(ColumnDescriptor column)
{
    public ColumnDescriptor Column { get; } = column;

    public IReadOnlyList<RowGroup> Groups { get; set; } = [];

    /// <summary>One a row group; none in files of very many rows.</summary>
    public List<ColumnRows> Rows { get; } = [];

    public IdExtractorException? Refusal { get; set; }

    /// <summary>Bytes of the longest value, or of what it may be as a number.</summary>
    public int Longest => 4 * Rows.SelectMany(group => group.Rows).Select(value => value?.Length ?? 0).DefaultIfEmpty().Max();

    /// <summary>Runs a check and lets its complaint name the column.</summary>
    public void Within(Action check)
    {
        try
        {
            check();
        }
        catch (DisagreementException e)
        {
            throw new DisagreementException($"column '{Column.Name}': {e.Message}");
        }
    }

    public ColumnReport Report() => new(Column, Refusal);
}
