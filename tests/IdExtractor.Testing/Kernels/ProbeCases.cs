using IdExtractor.Core.Keys;
using IdExtractor.Core.Scan.Match;
using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Testing.Kernels;

/// <summary>Asking about values in a page.</summary>
internal sealed unsafe class ProbeCase() : KernelCase(KernelRegistry.Probe, step: 8)
{
    protected override int[] LongLengths => [1000, PlainKeyProbe.MaxValues];

    public override KernelInput Make(Random random, int length, InputShape shape)
    {
        var values = PlainValues.Make(random, length, shape);
        return new KernelInput
        {
            Sources = [values],
            Targets = [new byte[length * sizeof(int)], new byte[length * sizeof(long)], new byte[2 * sizeof(int)]],
            Arguments = [length],
            State = Probe(random, PlainValues.Make(random, shape == InputShape.Typical && length > 1000 ? 10_000 : length / 2,
                InputShape.Typical), shape == InputShape.Adversarial ? [] : values, KeyEvery(shape)),
        };
    }

    public override long Run(string variant, KernelInput input, KernelBuffers at)
    {
        var probe = (PlainKeyProbe)input.State!;
        var most = (int)input.Arguments[0];
        int values = 0, bytes = 0;
        var count = variant switch
        {
            "filter" =>
                probe.ProbeByFilter(
                    at.SourcePointer(0), at.Source(0).Length, most, at.Target<int>(0), at.Target<long>(1), out values, out bytes),
            Kernel.Scalar => probe.ProbeEach(at.SourcePointer(0), at.Source(0).Length, most, at.Target<int>(0), out values, out bytes),
            _ => throw Unknown(variant),
        };
        (at.Target<int>(2)[0], at.Target<int>(2)[1]) = (values, bytes);
        return count;
    }

    public override int Defined(int target, long result, KernelBuffers at) => target switch
    {
        0 => (int)result * sizeof(int),
        1 => 0,
        _ => at.Target(target).Length,
    };

    /// <summary>Typically one document in hundreds is a key.</summary>
    internal static int KeyEvery(InputShape shape) => shape == InputShape.Typical ? 450 : 5;

    /// <summary>Keys that fit the filter: others, and now and then one of the values.</summary>
    internal static PlainKeyProbe Probe(Random random, byte[] others, byte[] values, int keyEvery)
    {
        var keys = new KeySetBuilder();
        foreach (var plain in new[] { others, values })
        {
            foreach (var (offset, length) in PlainValues.Extents(plain))
            {
                if (length is >= 8 and <= 16 && (plain == others || random.Next(keyEvery) == 0))
                    keys.Add(plain.AsSpan(offset, length));
            }
        }

        return new PlainKeyProbe(keys.Build());
    }
}

/// <summary>Probes for values in any place, or one after another.</summary>
internal sealed unsafe class ProbeViewCase() : KernelCase(KernelRegistry.ProbeView, step: 8)
{
    public override KernelInput Make(Random random, int length, InputShape shape)
    {
        var isFixed = shape == InputShape.Random && random.Next(2) == 0;
        var plain = PlainValues.Make(
            random, length, isFixed ? InputShape.Typical : shape == InputShape.Adversarial ? InputShape.Random : shape);
        var extents = PlainValues.Extents(plain);
        if (shape == InputShape.Adversarial)
            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(extents));
        return new KernelInput
        {
            Sources =
            [
                isFixed ? [.. extents.SelectMany(extent => plain[extent.Offset..(extent.Offset + extent.Length)])] : plain,
                BytesOf([.. extents.Select(extent => extent.Offset)]),
                BytesOf([.. extents.Select(extent => extent.Length)]),
            ],
            Targets = [new byte[length * sizeof(int)]],
            Arguments = [length, isFixed ? 1 : 0],
            State = ProbeCase.Probe(
                random, PlainValues.Make(random, shape == InputShape.Typical && length > 1000 ? 10_000 : 50, InputShape.Typical), plain,
                ProbeCase.KeyEvery(shape)),
        };
    }

    public override long Run(string variant, KernelInput input, KernelBuffers at)
    {
        var probe = (PlainKeyProbe)input.State!;
        var values = new ValueView { Data = at.SourcePointer(0), Count = (int)input.Arguments[0] };
        var isFixed = input.Arguments[1] != 0;
        values.Width = isFixed ? 14 : 0;
        values.Offsets = isFixed ? null : (int*)at.SourcePointer(1);
        values.Lengths = isFixed ? null : (int*)at.SourcePointer(2);
        return variant switch
        {
            "filter" => probe.ProbeByFilter(values, at.Target<int>(0)),
            Kernel.Scalar => probe.ProbeEach(values, at.Target<int>(0)),
            _ => throw Unknown(variant),
        };
    }

    public override int Defined(int target, long result, KernelBuffers at) => (int)result * sizeof(int);
}
