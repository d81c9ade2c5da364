using System.Text;
using System.Text.Unicode;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;

namespace IdExtractor.Fuzz.Reading;

/// <summary>
/// The expected result of reading some rows of an id column, computed one row at a time. Null and
/// empty ids are dropped and counted.
/// </summary>
internal sealed class ExpectedIds
{
    private readonly HashSet<string> _texts = [];

    /// <summary>Rows drawn.</summary>
    public long Matched { get; private set; }

    /// <summary>Of these, rows without an id.</summary>
    public long Dropped { get; private set; }

    /// <summary>A row holds what cannot be published, so the run has to fail.</summary>
    public bool MustFail { get; private set; }

    /// <summary>The distinct ids in ordinal byte order (each byte as one character).</summary>
    public IEnumerable<string> Sorted => _texts.Order(StringComparer.Ordinal);

    /// <summary>Draws one row.</summary>
    public void Add(ColumnDescriptor column, byte[]? value)
    {
        Matched++;
        if (value is null)
        {
            Dropped++;
            return;
        }

        if (!IsPublishable(column, value))
        {
            MustFail = true;
            return;
        }

        var text = ValueText.Published(column, value);
        if (text.Length == 0)
            Dropped++;
        else
            _texts.Add(Encoding.Latin1.GetString(text));
    }

    /// <summary>Checks what was drawn against this.</summary>
    /// <param name="what">Who drew it, for the message.</param>
    /// <param name="found">The distinct ids in order.</param>
    /// <param name="counts">Rows drawn and rows without an id.</param>
    /// <exception cref="DisagreementException">It differs.</exception>
    public void Compare(string what, IReadOnlyList<string> found, (long Matched, long Dropped) counts)
    {
        if (MustFail)
            throw new DisagreementException($"{what} takes an id that must not be published");
        if (counts != (Matched, Dropped))
            throw new DisagreementException(
                $"{what} counts {counts.Matched} rows, {counts.Dropped} without id, instead of {Matched}, {Dropped}");
        if (!Sorted.SequenceEqual(found))
            throw new DisagreementException($"{what} gives {found.Count} ids, not the {_texts.Count} that it should");
    }

    /// <summary>
    /// False for what makes a run fail when it is matched: line breaks, bytes that are not UTF-8,
    /// decimals that are too large.
    /// </summary>
    public static bool IsPublishable(ColumnDescriptor column, byte[] value)
    {
        if (ValueText.Number(column, value) is { } number)
            return number.GetByteCount() <= DecimalBytes.MaxBytes;
        if (column.Logical.Kind == LogicalKind.Uuid)
            return true;
        return Utf8.IsValid(value) && value.AsSpan().IndexOfAny((byte)'\n', (byte)'\r') < 0;
    }
}
