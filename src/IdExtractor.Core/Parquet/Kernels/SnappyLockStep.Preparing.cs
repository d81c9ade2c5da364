namespace IdExtractor.Core.Parquet.Kernels;

/// <content>Start-up.</content>
internal static unsafe partial class SnappyLockStep
{
    /// <summary>Compiles the loops, which happens at their first call, by running each on streams that are at their end.</summary>
    public static void Prepare()
    {
        if (!IsSupported)
            return;
        var ended = default(SnappyStream);
        var streams = stackalloc SnappyStream*[MaxStreams];
        for (var i = 0; i < MaxStreams; i++)
            streams[i] = &ended;

        // Most lanes first: the scan begins with those.
        for (var count = MaxStreams - 1; count > 0; count--)
        {
            Loop<Shallow>(streams, count);
            Loop<Deep>(streams, count);
        }
    }
}
