using System.Globalization;
using IdExtractor.Core.Errors;
using IdExtractor.Core.Pipeline;

namespace IdExtractor.Core.Match;

/// <summary>What became of the values of Table A.</summary>
/// <param name="Rows">Rows of the table, or records of the list without its header.</param>
/// <param name="Rejected">Values that make no key, nulls among them (decisions 6 and 7).</param>
/// <param name="Keys">Values that made one; a key that came twice counts twice.</param>
public sealed record KeyStatistics(long Rows, long Rejected, long Keys)
{
    /// <summary>Refuses a table that the run cannot work with.</summary>
    /// <param name="table">The table, for messages.</param>
    /// <param name="policy">What a rejected value means.</param>
    /// <exception cref="InputDataException">There is no key at all (decision 8), or a value was rejected and the policy is to fail.</exception>
    public void EnsureUsable(string table, BadCpfPolicy policy)
    {
        if (policy == BadCpfPolicy.Fail && Rejected > 0)
        {
            throw new InputDataException("Table A holds values that are no CPF", new ErrorPlace
            {
                Object = table,
                Actual = string.Create(CultureInfo.InvariantCulture, $"{Rejected} of {Rows} values"),
            }, "correct them, or leave them out with --on-bad-cpf reject");
        }

        if (Keys == 0)
        {
            throw new InputDataException("Table A holds no valid CPF", new ErrorPlace
            {
                Object = table,
                Expected = "at least one",
                Actual = string.Create(CultureInfo.InvariantCulture, $"{Rows} rows, {Rejected} rejected"),
            }, "check the table and the key column");
        }
    }
}
