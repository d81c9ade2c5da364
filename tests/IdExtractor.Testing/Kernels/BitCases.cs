using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet.Encodings;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Testing.Kernels;

/// <summary>Bit-packed values from any of them on.</summary>
internal sealed class UnpackCase() : KernelCase(KernelRegistry.Unpack, step: 8)
{
    public override KernelInput Make(Random random, int length, InputShape shape)
    {
        var width = shape == InputShape.Typical ? 20 : random.Next(1, 33);
        var first = shape == InputShape.Typical ? 0 : random.Next(20);
        var source = RandomBytes(random, (((first + length) * width) + 7) / 8);
        if (shape == InputShape.Adversarial)
            Array.Fill(source, (byte)(random.Next(2) * 255));
        return new KernelInput { Sources = [source], Targets = [new byte[length * sizeof(uint)]], Arguments = [first, width] };
    }

    public override long Run(string variant, KernelInput input, KernelBuffers at)
    {
        switch (variant)
        {
            case KernelRegistry.Vector128Variant:
                BitUnpacker.Unpack32ByGroups(at.Source(0), input.Arguments[0], (int)input.Arguments[1], at.Target<uint>(0));
                break;
            case Kernel.Scalar:
                BitUnpacker.Unpack32Scalar(at.Source(0), input.Arguments[0], (int)input.Arguments[1], at.Target<uint>(0));
                break;
            default:
                throw Unknown(variant);
        }

        return 0;
    }
}

/// <summary>Levels of one bit, from any bit on.</summary>
internal sealed class LevelsCase() : KernelCase(KernelRegistry.Levels, step: 16)
{
    public override KernelInput Make(Random random, int length, InputShape shape)
    {
        var first = shape == InputShape.Typical ? 0 : random.Next(30);
        var source = RandomBytes(random, (first + length + 7) / 8);
        if (shape == InputShape.Adversarial)
            Array.Fill(source, (byte)(random.Next(2) * 255));
        return new KernelInput { Sources = [source], Targets = [new byte[length]], Arguments = [first] };
    }

    public override long Run(string variant, KernelInput input, KernelBuffers at)
    {
        switch (variant)
        {
            case KernelRegistry.Vector128Variant:
                LevelBits.ExpandByVectors(at.Source(0), input.Arguments[0], at.Target(0));
                break;
            case Kernel.Scalar:
                LevelBits.ExpandScalar(at.Source(0), input.Arguments[0], at.Target(0));
                break;
            default:
                throw Unknown(variant);
        }

        return 0;
    }
}
