using IdExtractor.Foundation.Checksums;
using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet.Encodings;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Testing.Kernels;

/// <summary>Split values of any width, from any of them on.</summary>
internal sealed class SplitCase() : KernelCase(KernelRegistry.Split, step: 16)
{
    public override KernelInput Make(Random random, int length, InputShape shape)
    {
        var width = shape == InputShape.Typical ? sizeof(long) : random.Next(1, 25);
        var first = shape == InputShape.Typical ? 0 : random.Next(20);
        var count = first + length + (shape == InputShape.Random ? random.Next(20) : 0);
        return new KernelInput
        {
            Sources = [RandomBytes(random, count * width)],
            Targets = [new byte[length * width]],
            Arguments = [width, count, first]
        };
    }

    public override long Run(string variant, KernelInput input, KernelBuffers at)
    {
        var (width, count, first) = ((int)input.Arguments[0], (int)input.Arguments[1], (int)input.Arguments[2]);
        switch (variant)
        {
            case KernelRegistry.Vector128Variant:
                ByteStreamSplit.DecodeByVectors(at.Source(0), width, count, first, at.Target(0));
                break;
            case Kernel.Scalar:
                ByteStreamSplit.DecodeScalar(at.Source(0), width, count, first, at.Target(0));
                break;
            default:
                throw Unknown(variant);
        }

        return 0;
    }
}

/// <summary>The checksum of bytes behind others.</summary>
internal sealed class CrcCase() : KernelCase(Crc32.Kernel, step: 128)
{
    public override KernelInput Make(Random random, int length, InputShape shape)
    {
        var bytes = RandomBytes(random, length);
        if (shape == InputShape.Adversarial)
            Array.Fill(bytes, (byte)(random.Next(2) * 255));
        return new KernelInput { Sources = [bytes], Arguments = [(uint)random.NextInt64()] };
    }

    public override long Run(string variant, KernelInput input, KernelBuffers at) => variant switch
    {
        Crc32.WideVariant => Crc32.AppendFoldingWide((uint)input.Arguments[0], at.Source(0)),
        Crc32.FoldingVariant => Crc32.AppendFolding((uint)input.Arguments[0], at.Source(0)),
        Kernel.Scalar => Crc32.AppendScalar((uint)input.Arguments[0], at.Source(0)),
        _ => throw Unknown(variant),
    };
}
