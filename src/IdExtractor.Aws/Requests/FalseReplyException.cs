namespace IdExtractor.Aws.Requests;

/// <summary>
/// A reply that is not an answer to its request: another range, a document of another kind, a
/// listing without its end mark. It is asked for again a few times; a store or a proxy that keeps
/// doing it has to be
/// fixed.
/// </summary>
/// <param name="problem">What is wrong, as <c>"a listing without IsTruncated"</c>. It never quotes
/// the reply, which may hold anything.</param>
/// <param name="inner">What found it.</param>
public sealed class FalseReplyException(string problem, Exception? inner = null) : Exception(problem, inner);
