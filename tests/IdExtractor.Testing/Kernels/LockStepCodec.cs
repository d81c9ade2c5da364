using IdExtractor.Parquet;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Testing.Pages;

namespace IdExtractor.Testing.Kernels;

/// <summary>
/// A codec whose streams run in lock step, as its tests see it: input of every kind, the kernel,
/// and the reference implementation.
/// </summary>
internal abstract unsafe class LockStepCodec
{
    public static readonly LockStepCodec Snappy = new OfSnappy();
    public static readonly LockStepCodec SnappyPairs = new OfSnappyPairs();
    public static readonly LockStepCodec Lz4 = new OfLz4();

    public abstract CompressionCodec Codec { get; }

    public static LockStepCodec Of(CompressionCodec codec) => codec == CompressionCodec.Lz4Raw ? Lz4 : Snappy;

    /// <summary>A stream of about <paramref name="length"/> bytes of output.</summary>
    public abstract StreamText Make(Random random, int length);

    /// <summary>The same of what documents and ids are compressed to, for benchmarks.</summary>
    public abstract StreamText MakeTypical(Random random, int length);

    /// <summary>The body of a page: the bytes before the stream, and the stream.</summary>
    public abstract byte[] PageOf(StreamText text);

    public abstract void Run(PageStream** streams, int count);

    public abstract bool StepTwin(ref PageStream stream);

    private class OfSnappy : LockStepCodec
    {
        public override CompressionCodec Codec => CompressionCodec.Snappy;

        public override StreamText Make(Random random, int length)
        {
            var text = SnappyText.Make(random, length);
            return new StreamText(Codec, text.Tags, text.Output);
        }

        public override StreamText MakeTypical(Random random, int length) => Make(random, length);

        public override byte[] PageOf(StreamText text)
        {
            var preamble = new List<byte>();
            var length = text.Output.Length;
            for (; length >= 0x80; length >>= 7)
                preamble.Add((byte)(length | 0x80));
            return [.. preamble, (byte)length, .. text.Compressed];
        }

        public override void Run(PageStream** streams, int count) => LockStepLoops<SnappyLockStep>.Run(streams, count);

        public override bool StepTwin(ref PageStream stream) => SnappyTagDecoder.Step(ref stream);
    }

    /// <summary>Streams of which most are words, by the kernel that takes pairs of tags.</summary>
    private sealed class OfSnappyPairs : OfSnappy
    {
        public override StreamText Make(Random random, int length)
        {
            var text = random.Next(3) == 0
                ? SnappyText.Make(random, length)
                : SnappyText.MakeWords(random, length, exceptions: random.Next(20));
            return new StreamText(Codec, text.Tags, text.Output);
        }

        public override StreamText MakeTypical(Random random, int length)
        {
            var text = SnappyText.MakeWords(random, length, exceptions: 1);
            return new StreamText(Codec, text.Tags, text.Output);
        }

        public override void Run(PageStream** streams, int count)
        {
            for (var i = 0; i < count; i++)
                streams[i]->PairCredit = SnappyPairLockStep.FullCredit;
            LockStep.RunSnappy(streams, count);
        }
    }

    private sealed class OfLz4 : LockStepCodec
    {
        public override CompressionCodec Codec => CompressionCodec.Lz4Raw;

        public override StreamText Make(Random random, int length) =>
            length > 100 && random.Next(2) == 0 ? Text(Lz4TestEncoder.Random(random, length)) : MakeTypical(random, length);

        public override StreamText MakeTypical(Random random, int length) => Text(Lz4TestEncoder.Short(random, length));

        public override byte[] PageOf(StreamText text) => text.Compressed;

        public override void Run(PageStream** streams, int count) => LockStepLoops<Lz4LockStep>.Run(streams, count);

        public override bool StepTwin(ref PageStream stream) => Lz4SequenceDecoder.Step(ref stream);

        private StreamText Text(Lz4TestEncoder encoder) => new(Codec, encoder.Block, encoder.Expected);
    }
}

/// <summary>A stream and what it decompresses to.</summary>
internal sealed record StreamText(CompressionCodec Codec, byte[] Compressed, byte[] Output);
