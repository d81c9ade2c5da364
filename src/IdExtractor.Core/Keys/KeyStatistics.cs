using System.Globalization;
using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Keys;

/// <summary>The outcome for the values of Table A.</summary>
/// <param name="Keys">Values that made a key; duplicates count each time.</param>
/// <param name="RejectedValues">Values that made no key, including nulls (decisions 6 and
/// 7).</param>
public sealed record KeyStatistics(long Keys, RejectedValues RejectedValues)
{
    /// <summary>Rows of the table, or records of the list without its header.</summary>
    public long Rows => Keys + Rejected;

    /// <summary>Values that made no key.</summary>
    public long Rejected => RejectedValues.Total;

    /// <summary>The warning to log; null when every value made a key.</summary>
    /// <param name="table">The table.</param>
    public string? Warning(string table) => Rejected switch
    {
        0 => null,
        1 => string.Create(CultureInfo.InvariantCulture, $"{Rejected} of {Rows} values of Table A was rejected: {RejectedValues}; {table}"),
        _ => string.Create(
            CultureInfo.InvariantCulture, $"{Rejected} of {Rows} values of Table A were rejected: {RejectedValues}; {table}"),
    };

    /// <summary>Refuses a table that the run cannot work with.</summary>
    /// <param name="table">The table, for messages.</param>
    /// <param name="policy">How to treat a rejected value.</param>
    /// <param name="maxRejectedPercent">Maximum percentage of rejected values, 0 to 100.</param>
    /// <exception cref="InputDataException">There is no key at all (decision 8), or a value was
    /// rejected and the policy is to fail.</exception>
    /// <exception cref="GuardException">The percentage of rejected values exceeds the
    /// limit.</exception>
    public void EnsureUsable(string table, BadCpfPolicy policy, double maxRejectedPercent)
    {
        if (policy == BadCpfPolicy.Fail && Rejected > 0)
        {
            throw new InputDataException("Table A holds values that are no CPF", new ErrorPlace { Object = table, Actual = Counts() },
                "correct them, or leave them out with --on-bad-cpf reject");
        }

        if (Keys == 0)
        {
            throw new InputDataException("Table A holds no valid CPF", new ErrorPlace
            {
                Object = table,
                Expected = "at least one",
                Actual = Rows == 0 ? "no rows" : Counts(),
            }, "check the table and the key column");
        }

        if (100.0 * Rejected > maxRejectedPercent * Rows)
        {
            throw new GuardException("Too many values of Table A are no CPF", new ErrorPlace
            {
                Object = table,
                Expected = string.Create(CultureInfo.InvariantCulture, $"at most {maxRejectedPercent}% rejected"),
                Actual = Counts(),
            }, "check the key column and how the table was exported, or raise --max-rejected-percent");
        }
    }

    private string Counts() => string.Create(CultureInfo.InvariantCulture, $"{Rejected} of {Rows} rejected: {RejectedValues}");
}
