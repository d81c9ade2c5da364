using System.Numerics;
using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Testing.Kernels;

/// <summary>
/// Indices checked against the size of a dictionary. In adversarial input the last, or any, is just
/// outside.
/// </summary>
internal sealed class IndexBoundsCase() : KernelCase(KernelRegistry.IndexBounds, Vector<uint>.Count)
{
    public override KernelInput Make(Random random, int length, InputShape shape)
    {
        var count = shape == InputShape.Typical ? 700_000 : random.Next(3) == 0 ? int.MaxValue : random.Next(1, 100);
        var indices = Many(length, _ => random.Next(count));
        if (shape == InputShape.Adversarial && length > 0)
            indices[random.Next(2) == 0 ? length - 1 : random.Next(length)] = random.Next(4) switch
            {
                0 => -1,
                1 => int.MinValue,
                2 => count - 1,
                _ => count
            };
        return new KernelInput
        {
            Sources = [BytesOf(indices)],
            Arguments = [shape == InputShape.Random && random.Next(10) == 0 ? 0 : count]
        };
    }

    public override long Run(string variant, KernelInput input, KernelBuffers at) => variant switch
    {
        KernelRegistry.VectorVariant => IndexRange.ExceedsByVectors(at.Source<int>(0), (int)input.Arguments[0]) ? 1 : 0,
        Kernel.Scalar => IndexRange.ExceedsScalar(at.Source<int>(0), (int)input.Arguments[0]) ? 1 : 0,
        _ => throw Unknown(variant),
    };
}

/// <summary>Looking indices up: few, some or all entries are marked.</summary>
internal sealed class LookupCase() : KernelCase(KernelRegistry.Lookup, step: 8)
{
    public override KernelInput Make(Random random, int length, InputShape shape)
    {
        var entries = shape == InputShape.Typical ? 700_000 : random.Next(1, 200);
        var share = shape switch { InputShape.Typical => 1.0 / 150, InputShape.Random => random.NextDouble(), _ => random.Next(2) };
        var marks = new ulong[(entries + 63) / 64];
        for (var entry = 0; entry < entries; entry++)
            marks[entry / 64] |= random.NextDouble() < share ? 1UL << (entry % 64) : 0;
        return new KernelInput
        {
            Sources = [BytesOf(Many(length, i => i == 0 ? entries - 1 : random.Next(entries))), BytesOf(marks)],
            Targets = [new byte[length * sizeof(int)]]
        };
    }

    public override long Run(string variant, KernelInput input, KernelBuffers at) => variant switch
    {
        "branchless" => DictionaryLookup.FindBranchless(at.Source<int>(0), at.Source<ulong>(1), at.Target<int>(0)),
        Kernel.Scalar => DictionaryLookup.FindScalar(at.Source<int>(0), at.Source<ulong>(1), at.Target<int>(0)),
        _ => throw Unknown(variant),
    };

    public override int Defined(int target, long result, KernelBuffers at) => (int)result * sizeof(int);
}
