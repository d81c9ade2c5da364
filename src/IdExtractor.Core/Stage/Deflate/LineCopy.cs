namespace IdExtractor.Core.Stage.Deflate;

/// <summary>Bytes of a text that repeat earlier ones of it.</summary>
/// <param name="Start">Index of the first of them.</param>
/// <param name="Length">How many, 3 to 258 (RFC 1951 section 3.2.5).</param>
/// <param name="Distance">How far before them the earlier ones begin, 1 to 32,768.</param>
internal readonly record struct LineCopy(int Start, int Length, int Distance);
