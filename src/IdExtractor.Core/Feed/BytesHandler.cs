namespace IdExtractor.Core.Feed;

/// <summary>
/// Takes bytes: a field, a line, or a piece of a text. The span is only valid during the call.
/// </summary>
internal delegate void BytesHandler(ReadOnlySpan<byte> bytes);
