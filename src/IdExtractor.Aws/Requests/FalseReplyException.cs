namespace IdExtractor.Aws.Requests;

/// <summary>
/// A reply that does not answer its request: another range, a document of another kind, a listing
/// without its end mark. The request is retried a few times. A store or a proxy that keeps sending
/// such replies has to be fixed.
/// </summary>
/// <param name="problem">What is wrong, as <c>"a listing without IsTruncated"</c>. It never quotes
/// the reply, which may hold anything.</param>
/// <param name="inner">What found it.</param>
public sealed class FalseReplyException(string problem, Exception? inner = null) : Exception(problem, inner);
