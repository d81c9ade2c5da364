using System.Numerics;
using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Testing.Kernels;

/// <summary>Levels, a byte each.</summary>
internal static class LevelBytes
{
    /// <summary>One in ten is null; any share is; or all or none are.</summary>
    public static byte[] Make(Random random, int length, InputShape shape)
    {
        var nulls = shape switch { InputShape.Typical => 0.1, InputShape.Random => random.NextDouble(), _ => random.Next(2) };
        return [.. Enumerable.Range(0, length).Select(_ => (byte)(random.NextDouble() < nulls ? 0 : 1))];
    }

    /// <summary>The same, a bit each, by a way of its own.</summary>
    public static ulong[] Bits(byte[] levels)
    {
        var bits = new ulong[(levels.Length + 63) / 64];
        for (var row = 0; row < levels.Length; row++)
            bits[row / 64] += (ulong)levels[row] * (1UL << (row % 64));
        return bits;
    }
}

/// <summary>Counting levels.</summary>
internal sealed class CountLevelsCase() : KernelCase(KernelRegistry.LevelCount, Vector<byte>.Count)
{
    // Lanes of a byte run over at 256 rounds.
    protected override int[] LongLengths => [4096, (255 * Vector<byte>.Count) - 1, (256 * Vector<byte>.Count) + 1, 60_000];

    public override KernelInput Make(Random random, int length, InputShape shape) =>
        new() { Sources = [LevelBytes.Make(random, length, shape)] };

    public override long Run(string variant, KernelInput input, KernelBuffers at) => variant switch
    {
        KernelRegistry.VectorVariant => LevelCounter.CountByVectors(at.Source(0)),
        Kernel.Scalar => LevelCounter.CountScalar(at.Source(0)),
        _ => throw Unknown(variant),
    };
}

/// <summary>Packing levels.</summary>
internal sealed class PackLevelsCase() : KernelCase(KernelRegistry.LevelBitsOf, step: 64)
{
    // The targets hold random bytes, so that a kernel that keeps old bits fails.
    public override KernelInput Make(Random random, int length, InputShape shape) =>
        new()
        {
            Sources = [LevelBytes.Make(random, length, shape)],
            Targets = [RandomBytes(random, LevelPacking.WordsFor(length) * sizeof(ulong))]
        };

    public override long Run(string variant, KernelInput input, KernelBuffers at)
    {
        switch (variant)
        {
            case KernelRegistry.Vector128Variant:
                LevelPacking.PackByVectors(at.Source(0), at.Target<ulong>(0));
                break;
            case Kernel.Scalar:
                LevelPacking.PackScalar(at.Source(0), at.Target<ulong>(0));
                break;
            default:
                throw Unknown(variant);
        }

        return 0;
    }
}

/// <summary>Rows of values from any first row on; some may be past the end.</summary>
internal sealed class RowsCase() : KernelCase(KernelRegistry.Rows, step: 64)
{
    public override KernelInput Make(Random random, int length, InputShape shape)
    {
        var levels = LevelBytes.Make(random, length, shape);
        var start = shape == InputShape.Typical ? 0 : random.Next(length + 1);
        var before = levels.Take(start).Sum(level => level);
        var values = levels.Sum(level => level) + (shape == InputShape.Adversarial ? 3 : 0);
        var every = shape == InputShape.Typical ? 300 : random.Next(1, 20);
        int[] wanted = [.. Enumerable.Range(before, values - before).Where(_ => random.Next(every) == 0)];
        return new KernelInput
        {
            Sources = [BytesOf(LevelBytes.Bits(levels)), BytesOf(wanted)],
            Targets = [new byte[wanted.Length * sizeof(int)], new byte[2 * sizeof(int)]],
            Arguments = [length, start, before],
        };
    }

    public override long Run(string variant, KernelInput input, KernelBuffers at)
    {
        var (rows, row, value) = ((int)input.Arguments[0], (int)input.Arguments[1], (int)input.Arguments[2]);
        var found = variant switch
        {
            KernelRegistry.WordVariant =>
                NullExpansion.RowsByWord(at.Source<ulong>(0), rows, ref row, ref value, at.Source<int>(1), at.Target<int>(0)),
            Kernel.Scalar => NullExpansion.RowsScalar(at.Source<ulong>(0), rows, ref row, ref value, at.Source<int>(1), at.Target<int>(0)),
            _ => throw Unknown(variant),
        };
        (at.Target<int>(1)[0], at.Target<int>(1)[1]) = (row, value);
        return found;
    }

    public override int Defined(int target, long result, KernelBuffers at) =>
        target == 0 ? (int)result * sizeof(int) : at.Target(target).Length;
}

/// <summary>Values of a range of rows.</summary>
internal sealed class RanksCase() : KernelCase(KernelRegistry.Ranks, step: 64)
{
    public override KernelInput Make(Random random, int length, InputShape shape)
    {
        var from = shape == InputShape.Typical ? 0 : random.Next(length + 1);
        var to = shape == InputShape.Random ? random.Next(from, length + 1) : length;
        return new KernelInput { Sources = [BytesOf(LevelBytes.Bits(LevelBytes.Make(random, length, shape)))], Arguments = [from, to] };
    }

    public override long Run(string variant, KernelInput input, KernelBuffers at) => variant switch
    {
        KernelRegistry.WordVariant => NullExpansion.ValuesByWord(at.Source<ulong>(0), (int)input.Arguments[0], (int)input.Arguments[1]),
        Kernel.Scalar => NullExpansion.ValuesScalar(at.Source<ulong>(0), (int)input.Arguments[0], (int)input.Arguments[1]),
        _ => throw Unknown(variant),
    };
}
