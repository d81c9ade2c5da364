using System.Runtime.Intrinsics;

namespace IdExtractor.Core.Parquet.Kernels;

/// <summary>
/// All kernels that have more than one variant, and which one runs: the fastest that the machine has, unless the environment variable <see cref="Variable"/> names another. Preconditions, over-read and
/// aliasing stand at the kernels themselves.
/// </summary>
internal static class KernelRegistry
{
    /// <summary>Forces variants: <c>IDEXTRACTOR_KERNEL=snappy:scalar,unpack:scalar</c>, or <c>all:scalar</c>.</summary>
    public const string Variable = "IDEXTRACTOR_KERNEL";

    /// <summary>The variants that take vectors of 16 bytes.</summary>
    public const string Vector128Variant = "vector128";

    /// <summary>Snappy tags of several streams in one thread: <see cref="SnappyLockStep"/>, <see cref="SnappyTagDecoder"/>.</summary>
    public static readonly Kernel Snappy = Make("snappy", new KernelVariant("lockstep", Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian && nint.Size == 8));

    /// <summary>Steps over PLAIN byte arrays: <see cref="PlainWalk.Skip"/>, <see cref="PlainWalk.SkipEach"/>.</summary>
    public static readonly Kernel Walk = Make("walk", new KernelVariant("block"));

    /// <summary>Asks about PLAIN byte arrays where they stand: by a filter without a branch a value, or value after value.</summary>
    public static readonly Kernel Probe = Make("probe", new KernelVariant("filter"));

    /// <summary>Unpacks bit-packed values: <see cref="Encodings.BitUnpacker"/>.</summary>
    public static readonly Kernel Unpack = Make("unpack", new KernelVariant(Vector128Variant, Vector128.IsHardwareAccelerated));

    /// <summary>Spreads levels of one bit: <see cref="Encodings.LevelBits"/>.</summary>
    public static readonly Kernel Levels = Make("levels", new KernelVariant(Vector128Variant, Vector128.IsHardwareAccelerated));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Kernel> All => [Snappy, Walk, Probe, Unpack, Levels];

    private static Kernel Make(string name, KernelVariant fast) => new Kernel(name, [fast, new KernelVariant(Kernel.Scalar)]).With(Environment.GetEnvironmentVariable(Variable));
}
