using IdExtractor.Foundation.Errors;

namespace IdExtractor.Fuzz.Probing;

/// <summary>What came of reading one file in a process of its own, as one line of JSON.</summary>
/// <param name="File">The path that was given.</param>
/// <param name="Refusal">Why the whole file was refused; null when its footer could be
/// read.</param>
/// <param name="Defect">What is wrong with the reader; null when nothing is.</param>
/// <param name="Columns">The leaves of the schema.</param>
/// <param name="PeakBytes">Resident memory at most, above what was resident before.</param>
public sealed record ProbeReport(string File, ProbeRefusal? Refusal, string? Defect, IReadOnlyList<ProbeColumn> Columns, long PeakBytes);

/// <summary>The result of reading one column.</summary>
/// <param name="Index">Position among the leaves.</param>
/// <param name="Md5">Of the reference text, when the column was read.</param>
/// <param name="Rows">Rows read.</param>
/// <param name="Nulls">Of these, nulls.</param>
/// <param name="Refusal">Why it was refused; null when it was read.</param>
public sealed record ProbeColumn(int Index, string? Md5, long Rows, long Nulls, ProbeRefusal? Refusal);

/// <summary>A refusal.</summary>
/// <param name="Kind">Name of the exception's type.</param>
/// <param name="Line">Its message in one line.</param>
public sealed record ProbeRefusal(string Kind, string Line)
{
    /// <summary>From an error; null from none.</summary>
    public static ProbeRefusal? Of(IdExtractorException? error) =>
        error is null ? null : new ProbeRefusal(error.GetType().Name, error.ToLine());
}
