using IdExtractor.Foundation.Errors;

namespace IdExtractor.Fuzz.Reading;

/// <summary>
/// Two ways of reading the same bytes differ, or one breaks its contract: a defect of the reader,
/// not of the file.
/// </summary>
public sealed class DisagreementException(string problem) : Exception(problem)
{
    /// <summary>What one of the readers reported, for the message.</summary>
    internal static string Said(IdExtractorException? error) => error is null ? "is fine" : $"says '{error.ToLine()}'";
}
