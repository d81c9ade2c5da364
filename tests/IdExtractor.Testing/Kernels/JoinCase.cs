using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet.Encodings;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Testing.Kernels;

/// <summary>
/// Prefixes and suffixes, joined behind what the page and the arena hold already; the arena may be
/// too small, a prefix or suffix a lie.
/// </summary>
internal sealed class JoinCase() : KernelCase(KernelRegistry.Join, step: 16)
{
    private const int State = 3;

    public override KernelInput Make(Random random, int length, InputShape shape)
    {
        var previous = RandomBytes(random, shape == InputShape.Typical ? 14 : random.Next(40));
        var (prefixes, suffixes) = (new int[length], new int[length]);
        var last = previous.Length;
        for (var i = 0; i < length; i++)
        {
            prefixes[i] = shape == InputShape.Typical ? random.Next(3, 6) : random.Next(last + 1);
            suffixes[i] = shape == InputShape.Typical ? 14 - prefixes[i] : random.Next(random.Next(8) == 0 ? 50 : 14);
            last = prefixes[i] + suffixes[i];
        }

        var before = shape == InputShape.Typical ? 64 : random.Next(40);
        var used = random.Next(30);
        var arena = used + prefixes.Sum() + suffixes.Sum();
        var page = RandomBytes(random, before + suffixes.Sum());
        if (shape == InputShape.Adversarial && length > 0)
        {
            arena -= random.Next(Math.Min(arena - used, 40) + 1);
            var lies = random.Next(2) == 0 ? prefixes : suffixes;
            lies[random.Next(length)] = random.Next(4) switch { 0 => -1, 1 => int.MinValue, 2 => int.MaxValue, _ => random.Next(100) };
        }

        return new KernelInput
        {
            Sources = [page, BytesOf(prefixes), BytesOf(suffixes), previous],
            Targets = [new byte[arena], new byte[length * sizeof(int)], new byte[length * sizeof(int)], new byte[2 * sizeof(int)]],
            Arguments = [before, used],
        };
    }

    public override long Run(string variant, KernelInput input, KernelBuffers at)
    {
        var offsets = at.Target<int>(1);
        var lengths = at.Target<int>(2);
        at.Source<int>(1).CopyTo(offsets);
        at.Source<int>(2).CopyTo(lengths);
        var joiner = new PrefixJoiner(at.Source(0), (int)input.Arguments[0], at.Target(0), (int)input.Arguments[1], at.Source(3));
        var joined = 0;
        var status = variant switch
        {
            KernelRegistry.Vector128Variant => joiner.JoinByVectors(offsets, lengths, out joined),
            Kernel.Scalar => joiner.JoinScalar(offsets, lengths, out joined),
            _ => throw Unknown(variant),
        };
        (at.Target<int>(State)[0], at.Target<int>(State)[1]) = (joiner.SuffixPosition, joiner.ArenaUsed);
        return (long)status << 32 | (uint)joined;
    }

    public override int Defined(int target, long result, KernelBuffers at) => target switch
    {
        0 => at.Target<int>(State)[1],
        State => at.Target(State).Length,
        _ => (int)result * sizeof(int),
    };
}
