using IdExtractor.Core.Parquet.Compression;
using IdExtractor.Core.Parquet.Kernels;
using IdExtractor.Core.Primitives;

namespace IdExtractor.Core.Tests.Parquet.Kernels.Cases;

/// <summary>One copy behind its history, with a little room or none behind it.</summary>
internal sealed unsafe class RepeatCase() : KernelCase(KernelRegistry.Repeat, step: 16)
{
    public override KernelInput Make(Random random, int length, InputShape shape)
    {
        length = Math.Max(length, 1);
        var (offset, room) = shape switch
        {
            InputShape.Typical => (18, BackReference.Slop),
            InputShape.Random => (random.Next(1, 200), random.Next(80)),
            _ => (random.Next(1, 19), random.Next(2) == 0 ? 0 : BackReference.Slop + random.Next(-1, 2)),
        };
        return new KernelInput { Targets = [RandomBytes(random, offset + length + room)], Arguments = [offset, length] };
    }

    public override long Run(string variant, KernelInput input, KernelBuffers at)
    {
        var (offset, length) = (input.Arguments[0], input.Arguments[1]);
        var to = at.TargetPointer(0) + offset;
        switch (variant)
        {
            case KernelRegistry.Vector128Variant:
                BackReference.RepeatByVectors(to, offset, length, at.TargetPointer(0) + at.Target(0).Length);
                break;
            case Kernel.Scalar:
                BackReference.RepeatScalar(to, offset, length);
                break;
            default:
                throw Unknown(variant);
        }

        return offset + length;
    }

    public override int Defined(int target, long result, KernelBuffers at) => (int)result;
}
