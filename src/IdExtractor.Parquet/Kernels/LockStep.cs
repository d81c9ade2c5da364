namespace IdExtractor.Parquet.Kernels;

/// <summary>The kernels that decompress several pages of one thread in lock step, by codec: who owns the streams need not know which is which.</summary>
internal static unsafe class LockStep
{
    /// <summary>Some stream is near the start of its page: every back-reference is compared with what there is.</summary>
    public struct Shallow;

    /// <summary>Every stream has 64 KiB behind it, more than any offset can reach.</summary>
    public struct Deep;

    /// <summary>Most streams in one call.</summary>
    public const int MaxStreams = 3;

    /// <summary>Input that <see cref="End"/> has to see to tell whether more follows.</summary>
    public const int EndBytes = 2;

    /// <summary>Whether there is a kernel for a codec, be it its plain twin that runs here.</summary>
    public static bool Decodes(CompressionCodec codec) => codec is CompressionCodec.Snappy or CompressionCodec.Lz4Raw;

    /// <summary>Whether pages of a codec go faster by a kernel here than by one call each.</summary>
    public static bool IsSupported(CompressionCodec codec) => codec switch
    {
        CompressionCodec.Snappy => SnappyLockStep.IsSupported,
        CompressionCodec.Lz4Raw => Lz4LockStep.IsSupported,
        _ => false,
    };

    /// <summary>
    /// Advances the streams until at least one of each codec needs its owner: its output is full, its input is used up, or it has failed. Streams of one codec go in lock step, which are all of them
    /// unless the files of a table differ; those of the other codec follow them.
    /// </summary>
    /// <param name="streams">The streams; put into another order.</param>
    /// <param name="count">How many, up to <see cref="MaxStreams"/>.</param>
    public static void Run(PageStream** streams, int count)
    {
        var snappy = 0;
        for (var i = 0; i < count; i++)
        {
            var stream = streams[i];
            if (stream->Codec != CompressionCodec.Snappy)
                continue;
            streams[i] = streams[snappy];
            streams[snappy++] = stream;
        }

        if (snappy > 0)
            LockStepLoops<SnappyLockStep>.Run(streams, snappy);
        if (snappy < count)
            LockStepLoops<Lz4LockStep>.Run(streams + snappy, count - snappy);
    }

    /// <summary>Ends a page whose output is there, all of it.</summary>
    /// <param name="stream">The stream, with the rest of its input, or at least <see cref="EndBytes"/> of it. What belongs to the end is consumed.</param>
    /// <returns>Ok when the compressed data end there too.</returns>
    public static DecodeStatus End(PageStream* stream)
    {
        if (stream->Codec == CompressionCodec.Lz4Raw)
            return Lz4SequenceDecoder.End(ref *stream);
        return stream->Input == stream->InputEnd && stream->LiteralLeft == 0 ? DecodeStatus.Ok : DecodeStatus.OutputTooLong;
    }
}
