using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet.Compression;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Testing.Kernels;

/// <summary>
/// One copy behind its history, with a little room or none behind it; typically many short ones,
/// each of what is some hundred bytes back.
/// </summary>
internal sealed unsafe class RepeatCase() : KernelCase(KernelRegistry.Repeat, step: 16)
{
    public override KernelInput Make(Random random, int length, InputShape shape)
    {
        length = Math.Max(length, 1);
        var (offset, piece, room) = shape switch
        {
            InputShape.Typical => (300, 8, BackReference.Slop),
            InputShape.Random => (random.Next(1, 200), length, random.Next(80)),
            _ => (random.Next(1, 19), length, random.Next(2) == 0 ? 0 : BackReference.Slop + random.Next(-1, 2)),
        };
        return new KernelInput { Targets = [RandomBytes(random, offset + length + room)], Arguments = [offset, length, piece] };
    }

    public override long Run(string variant, KernelInput input, KernelBuffers at)
    {
        var (offset, length, piece) = (input.Arguments[0], input.Arguments[1], input.Arguments[2]);
        var to = at.TargetPointer(0) + offset;
        var end = at.TargetPointer(0) + at.Target(0).Length;
        switch (variant)
        {
            case KernelRegistry.Vector128Variant:
                for (var done = 0L; done < length; done += piece)
                    BackReference.RepeatByVectors(to + done, offset, Math.Min(piece, length - done), end);
                break;
            case Kernel.Scalar:
                for (var done = 0L; done < length; done += piece)
                    BackReference.RepeatScalar(to + done, offset, Math.Min(piece, length - done));
                break;
            default:
                throw Unknown(variant);
        }

        return offset + length;
    }

    public override int Defined(int target, long result, KernelBuffers at) => (int)result;
}
