namespace IdExtractor.Fuzz.Reading;

/// <summary>Two ways of reading the same bytes differ, or one breaks its contract: a defect of the reader, not of the file.</summary>
public sealed class DisagreementException(string problem) : Exception(problem);
