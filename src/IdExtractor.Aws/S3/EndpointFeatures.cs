using IdExtractor.Aws.Requests;
using IdExtractor.Core.Job;

namespace IdExtractor.Aws.S3;

/// <summary>
/// The features that an endpoint does not support: learned from its refusals, reported once,
/// remembered for the run. An endpoint that silently ignores a feature is not detected here, and
/// the consequences are the same (ADR 7).
/// </summary>
internal sealed class EndpointFeatures(IRunObserver observer)
{
    private readonly Lock _gate = new();
    private volatile int _known = (int)RequestFeatures.All;

    /// <summary>What requests may carry.</summary>
    public RequestFeatures Known => (RequestFeatures)_known;

    /// <summary>What a request has to go without, if that is why it failed.</summary>
    /// <param name="failure">The endpoint's answer.</param>
    /// <param name="carried">What the request carried.</param>
    /// <returns>One feature, or none when the answer is about something else.</returns>
    public static RequestFeatures FindRefused(AwsFailure failure, RequestFeatures carried)
    {
        if (!failure.IsAboutForm)
            return RequestFeatures.None;
        foreach (var (feature, words) in s_words)
        {
            if (carried.HasFlag(feature) && words.Any(failure.Mentions))
                return feature;
        }

        // A document that is not understood can only be that of a completed upload with checksums.
        // An answer that names nothing: give up one feature after the other, the least valuable
        // first.
        return failure.Code switch
        {
            "MalformedXML" => carried & RequestFeatures.Checksum,
            "NotImplemented" when !failure.NamesHeader => s_words.Select(pair => pair.Feature)
                .FirstOrDefault(feature => carried.HasFlag(feature)),
            _ => RequestFeatures.None,
        };
    }

    /// <summary>Goes without from now on, and says so the first time.</summary>
    /// <param name="feature">One feature.</param>
    /// <param name="request">What was refused.</param>
    /// <param name="failure">How.</param>
    public void GoWithout(RequestFeatures feature, RequestName request, AwsFailure failure)
    {
        lock (_gate)
        {
            if (!Known.HasFlag(feature))
                return;
            _known = (int)(Known & ~feature);
        }

        observer.Warn(
            $"The endpoint refuses {request.Operation} with {WhatOf(feature)}, and is asked without from now on; {LossOf(feature)}: {request.Resource}, found {failure.Said}");
    }

    private static readonly (RequestFeatures Feature, string[] Words)[] s_words =
    [
        (RequestFeatures.Checksum, ["checksum"]),
        (RequestFeatures.FreeKey, ["if-none-match", "ifnonematch"]),
        (RequestFeatures.Destination, ["if-none-match", "ifnonematch", "if-match", "ifmatch"]),
        (RequestFeatures.Deletion, ["if-match", "ifmatch"]),
    ];

    private static string WhatOf(RequestFeatures feature) => feature switch
    {
        RequestFeatures.Checksum => "a CRC-32",
        RequestFeatures.FreeKey => "the condition that the key is free",
        RequestFeatures.Deletion => "a condition on what it removes",
        _ => "a condition on what it replaces",
    };

    private static string LossOf(RequestFeatures feature) => feature switch
    {
        RequestFeatures.Checksum => "damage on the way is found when the stage file is read back, and not before",
        RequestFeatures.FreeKey => "stage files get a name of their run's own, so that none is overwritten",
        RequestFeatures.Deletion =>
            "the file is looked at right before, but a file that is written under the same name in the same moment may be removed",
        _ => "what is active is looked at right before and after, but a run of an older partition that ends in the same moment may replace a newer file",
    };
}
