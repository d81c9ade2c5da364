using System.Globalization;
using System.Text;

namespace IdExtractor.Foundation.Errors;

/// <summary>
/// Base class of every error that the program expects. It carries its exit code, its place and one
/// sentence of advice, and prints as one line. Messages never contain a document or an ID
/// (specification, section 8).
/// </summary>
public abstract class IdExtractorException : Exception
{
    private protected IdExtractorException(ExitCode exitCode, string problem, ErrorPlace? place, string? advice, Exception? inner)
        : base(problem, inner)
    {
        ExitCode = exitCode;
        Place = place ?? new ErrorPlace();
        Advice = advice;
    }

    /// <summary>The exit code that the process ends with.</summary>
    public ExitCode ExitCode { get; }

    /// <summary>
    /// Object, row group, column, offset, expected, actual: those that are known.
    /// </summary>
    public ErrorPlace Place { get; }

    /// <summary>
    /// What to do about it, as one imperative sentence without a full stop; null when there is no
    /// advice beyond the message.
    /// </summary>
    public string? Advice { get; }

    /// <summary>Everything in one line: problem, place, expected and found, advice.</summary>
    public string ToLine()
    {
        var line = new StringBuilder(Message);
        var separator = ": ";
        void Add(string name, string? value)
        {
            if (value is null)
                return;
            line.Append(separator).Append(name).Append(value);
            separator = ", ";
        }

        Add("", Place.Object);
        Add("row group ", Place.RowGroup?.ToString(CultureInfo.InvariantCulture));
        Add("column ", Place.Column is null ? null : $"'{Place.Column}'");
        Add("offset ", Place.Offset?.ToString(CultureInfo.InvariantCulture));
        Add("expected ", Place.Expected);
        Add("found ", Place.Actual);
        if (Advice is not null)
            line.Append("; ").Append(Advice);
        return line.Replace('\n', ' ').Replace('\r', ' ').ToString();
    }
}
