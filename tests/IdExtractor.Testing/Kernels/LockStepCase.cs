using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Testing.Kernels;

/// <summary>
/// Three streams of a codec, as the lanes of a thread have them. Where the environment forces the
/// reference implementation, the lock-step kernel is that, too.
/// </summary>
internal sealed unsafe class LockStepCase(LockStepCodec codec, Kernel kernel, int step) : KernelCase(kernel, step)
{
    private const int Streams = 3;

    /// <summary>What became of each stream: bytes put out, status.</summary>
    private const int Ends = Streams;

    // More than 64 KiB, from where on back-references are no longer compared with the start.
    protected override int[] LongLengths => [300, 4096, 150_000];

    public override KernelInput Make(Random random, int length, InputShape shape)
    {
        var texts = Many(Streams, _ => shape == InputShape.Typical ? codec.MakeTypical(random, length) : codec.Make(random, length));
        var inputs = texts.Select(text => text.Compressed).ToArray();
        if (shape == InputShape.Adversarial && length > 0)
        {
            foreach (var stream in inputs)
                stream[random.Next(stream.Length)] ^= (byte)(1 << random.Next(8));
        }

        return new KernelInput
        {
            Sources = inputs,
            Targets = [.. texts.Select(text => new byte[text.Output.Length]), new byte[Streams * 2 * sizeof(int)]]
        };
    }

    public override long Run(string variant, KernelInput input, KernelBuffers at)
    {
        var states = stackalloc PageStream[Streams];
        for (var i = 0; i < Streams; i++)
            states[i] = Begin(at, i);
        switch (variant)
        {
            case "lockstep":
                RunLockStep(states);
                break;
            case Kernel.Scalar:
                for (var i = 0; i < Streams; i++)
                {
                    while (states[i].Output < states[i].OutputEnd && codec.StepTwin(ref states[i]))
                    {
                        // Moves on to the next tag or sequence.
                    }
                }

                break;
            default:
                throw Unknown(variant);
        }

        var ends = at.Target<int>(Ends);
        for (var i = 0; i < Streams; i++)
            (ends[2 * i], ends[(2 * i) + 1]) = ((int)(states[i].Output - at.TargetPointer(i)), (int)states[i].Status);
        return 0;
    }

    public override int Defined(int target, long result, KernelBuffers at) =>
        target == Ends ? at.Target(Ends).Length : at.Target<int>(Ends)[2 * target];

    private void RunLockStep(PageStream* states)
    {
        var running = stackalloc PageStream*[Streams];
        while (true)
        {
            var count = 0;
            for (var i = 0; i < Streams; i++)
            {
                if (states[i].Status == DecodeStatus.Ok && states[i].Output < states[i].OutputEnd && states[i].Input < states[i].InputEnd)
                    running[count++] = states + i;
            }

            if (count == 0)
                return;
            codec.Run(running, count);
        }
    }

    private PageStream Begin(KernelBuffers at, int stream) => new()
    {
        Codec = codec.Codec,
        Input = at.SourcePointer(stream),
        InputEnd = at.SourcePointer(stream) + at.Source(stream).Length,
        IsInputComplete = true,
        History = at.TargetPointer(stream),
        Output = at.TargetPointer(stream),
        OutputEnd = at.TargetPointer(stream) + at.Target(stream).Length,
        IsOutputComplete = true,
    };
}
