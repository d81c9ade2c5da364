namespace IdExtractor.Parquet.Kernels;

/// <summary>
/// The kernels that decompress several pages in lock step on one thread, selected by codec. The
/// owner of the streams need not know which kernel runs.
/// </summary>
internal static unsafe class LockStep
{
    /// <summary>
    /// Some stream is near the start of its page: every back-reference is checked against the
    /// history.
    /// </summary>
    public struct Shallow;

    /// <summary>Every stream has 64 KiB of history, more than any offset can reach.</summary>
    public struct Deep;

    /// <summary>Most streams in one call.</summary>
    public const int MaxStreams = 3;

    /// <summary>Input that <see cref="End"/> needs to decide whether more follows.</summary>
    public const int EndBytes = 2;

    /// <summary>
    /// Whether a codec has a kernel, even if only its reference implementation runs here.
    /// </summary>
    public static bool Decodes(CompressionCodec codec) => codec is CompressionCodec.Snappy or CompressionCodec.Lz4Raw;

    /// <summary>Whether the kernel decodes this codec faster here than one call per page.</summary>
    public static bool IsSupported(CompressionCodec codec) => codec switch
    {
        CompressionCodec.Snappy => SnappyLockStep.IsSupported,
        CompressionCodec.Lz4Raw => Lz4LockStep.IsSupported,
        _ => false,
    };

    /// <summary>
    /// Advances the streams until at least one of each codec needs its owner: its output is full,
    /// its input is used up, or it has failed. Streams of one codec run in lock step. Those of the
    /// other codec follow them; a table mixes codecs only if its files differ.
    /// </summary>
    /// <param name="streams">The streams; their order changes.</param>
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
            RunSnappy(streams, snappy);
        if (snappy < count)
            LockStepLoops<Lz4LockStep>.Run(streams + snappy, count - snappy);
    }

    /// <summary>
    /// The same for streams of Snappy only: in pairs of tags as long as these fit.
    /// </summary>
    public static void RunSnappy(PageStream** streams, int count)
    {
        if (SnappyPairLockStep.Fits(streams, count))
            LockStepLoops<SnappyPairLockStep>.Run(streams, count);
        if (!SnappyPairLockStep.Fits(streams, count))
            LockStepLoops<SnappyLockStep>.Run(streams, count);
    }

    /// <summary>Ends a page whose output is complete.</summary>
    /// <param name="stream">
    /// The stream, with the rest of its input, or at least <see cref="EndBytes"/> of it. The bytes
    /// that belong to the end are consumed.
    /// </param>
    /// <returns>Ok when the compressed data end there too.</returns>
    public static DecodeStatus End(PageStream* stream)
    {
        if (stream->Codec == CompressionCodec.Lz4Raw)
            return Lz4SequenceDecoder.End(ref *stream);
        return stream->Input == stream->InputEnd && stream->LiteralLeft == 0 ? DecodeStatus.Ok : DecodeStatus.OutputTooLong;
    }
}
