using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Encodings;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Testing.Kernels;

/// <summary>Stepping over values, sometimes fewer or more than there are.</summary>
internal sealed unsafe class WalkCase() : KernelCase(KernelRegistry.Walk, step: 8)
{
    public override KernelInput Make(Random random, int length, InputShape shape) =>
        new()
        {
            Sources = [PlainValues.Make(random, length, shape)],
            Arguments = [shape == InputShape.Typical ? length : random.Next(length + 3)]
        };

    public override long Run(string variant, KernelInput input, KernelBuffers at)
    {
        var length = at.Source(0).Length;
        var bytes = 0;
        var skipped = variant switch
        {
            KernelRegistry.BlockVariant => PlainWalk.SkipBlocks(at.SourcePointer(0), length, (int)input.Arguments[0], out bytes),
            Kernel.Scalar => PlainWalk.SkipEach(at.SourcePointer(0), length, (int)input.Arguments[0], out bytes),
            _ => throw Unknown(variant),
        };
        return (long)bytes << 32 | (uint)skipped;
    }
}

/// <summary>Finding values.</summary>
internal sealed class PlainCase() : KernelCase(KernelRegistry.Plain, step: 8)
{
    public override KernelInput Make(Random random, int length, InputShape shape) =>
        new()
        {
            Sources = [PlainValues.Make(random, length, shape)],
            Targets = [new byte[length * sizeof(int)], new byte[length * sizeof(int)]]
        };

    public override long Run(string variant, KernelInput input, KernelBuffers at)
    {
        var position = 0;
        var page = at.Source(0);
        var status = variant switch
        {
            KernelRegistry.BlockVariant =>
                PlainByteArray.DecodeBlocks(page, ref position, page.Length, at.Target<int>(0), at.Target<int>(1)),
            Kernel.Scalar => PlainByteArray.DecodeScalar(page, ref position, page.Length, at.Target<int>(0), at.Target<int>(1)),
            _ => throw Unknown(variant),
        };
        return (long)position << 32 | (uint)status;
    }

    // After an error offsets and lengths mean nothing.
    public override int Defined(int target, long result, KernelBuffers at) =>
        (DecodeStatus)(uint)result == DecodeStatus.Ok ? at.Target(target).Length : 0;
}
