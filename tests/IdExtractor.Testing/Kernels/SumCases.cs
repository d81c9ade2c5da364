using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet.Encodings;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Testing.Kernels;

/// <summary>Differences of 32 bits, summed in place.</summary>
internal sealed class Sum32Case() : KernelCase(KernelRegistry.Sum32, step: 4)
{
    public override KernelInput Make(Random random, int length, InputShape shape)
    {
        var deltas = Many(length, _ => shape switch
        {
            InputShape.Typical => random.Next(1000),
            InputShape.Random =>
            random.Next(int.MinValue, int.MaxValue),
            _ => random.Next(2) == 0 ? int.MinValue : -1
        });
        return new KernelInput
        {
            Sources = [BytesOf(deltas)],
            Targets = [new byte[length * sizeof(int)]],
            Arguments = [random.Next(int.MinValue, int.MaxValue), random.Next()]
        };
    }

    public override long Run(string variant, KernelInput input, KernelBuffers at)
    {
        var values = at.Target<int>(0);
        at.Source<int>(0).CopyTo(values);
        return variant switch
        {
            KernelRegistry.Vector128Variant => PrefixSum.AccumulateByVectors(values, (int)input.Arguments[0], (int)input.Arguments[1]),
            Kernel.Scalar => PrefixSum.AccumulateScalar(values, (int)input.Arguments[0], (int)input.Arguments[1]),
            _ => throw Unknown(variant),
        };
    }
}
