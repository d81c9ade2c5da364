using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using IdExtractor.Foundation.Checksums;
using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet.Compression;
using IdExtractor.Parquet.Encodings;

namespace IdExtractor.Parquet.Kernels;

/// <summary>
/// All inner loops that have more than one variant, and the variant in use: the fastest that the
/// machine supports, unless the environment variable <see cref="Kernel.Variable"/> names another.
/// Each kernel documents its preconditions, over-read, aliasing and benchmarks. Tests and
/// benchmarks enumerate <see cref="All"/>.
/// </summary>
/// <remarks>
/// Each kernel keeps its choice in a static field and reads it once per page or batch, never in its
/// loop.
/// </remarks>
internal static class KernelRegistry
{
    /// <summary>The variants that use vectors of 16 bytes.</summary>
    public const string Vector128Variant = "vector128";

    /// <summary>The variants that use vectors as wide as the machine's.</summary>
    public const string VectorVariant = "vector";

    /// <summary>The variants that process 64 bits at a time.</summary>
    public const string WordVariant = "word";

    /// <summary>
    /// The variants that process several values at a time in general-purpose registers.
    /// </summary>
    public const string BlockVariant = "block";

    /// <summary>
    /// Snappy tags of several streams in one thread: <see cref="SnappyLockStep"/>,
    /// <see cref="SnappyTagDecoder"/>.
    /// </summary>
    public static readonly Kernel Snappy = Kernel.Of(
        "snappy", "lockstep", Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian && nint.Size == 8);

    /// <summary>
    /// Pairs of Snappy tags of several streams in one thread: <see cref="SnappyPairLockStep"/>,
    /// <see cref="SnappyTagDecoder"/>.
    /// </summary>
    public static readonly Kernel SnappyPairs = Kernel.Of(
        "snappy-pairs", "lockstep", Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian && nint.Size == 8);

    /// <summary>
    /// LZ4 sequences of several streams in one thread: <see cref="Lz4LockStep"/>,
    /// <see cref="Lz4SequenceDecoder"/>.
    /// </summary>
    public static readonly Kernel Lz4 = Kernel.Of(
        "lz4", "lockstep", Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian && nint.Size == 8);

    /// <summary>Copies earlier output: <see cref="BackReference"/>.</summary>
    public static readonly Kernel Repeat = Kernel.Of("repeat", Vector128Variant, Vector128.IsHardwareAccelerated);

    /// <summary>Skips PLAIN byte arrays: <see cref="PlainWalk"/>.</summary>
    public static readonly Kernel Walk = Kernel.Of("walk", BlockVariant);

    /// <summary>Locates PLAIN byte arrays: <see cref="PlainByteArray"/>.</summary>
    public static readonly Kernel Plain = Kernel.Of("plain", BlockVariant);

    /// <summary>
    /// Looks up PLAIN byte arrays in the keys, in place: with a filter that has no branch per
    /// value, or one value at a time.
    /// </summary>
    public static readonly Kernel Probe = Kernel.Of("probe", "filter", overRead: sizeof(ulong));

    /// <summary>The same for values at arbitrary positions.</summary>
    public static readonly Kernel ProbeView = Kernel.Of("probe-view", "filter", overRead: sizeof(ulong));

    /// <summary>
    /// Looks up numbers of a fixed width in the keys, in place: with a filter that has no branch
    /// per value, or one value at a time.
    /// </summary>
    public static readonly Kernel ProbeNumbers = Kernel.Of("probe-numbers", "filter", overRead: sizeof(ulong));

    /// <summary>Unpacks bit-packed values: <see cref="BitUnpacker"/>.</summary>
    public static readonly Kernel Unpack = Kernel.Of("unpack", Vector128Variant, Vector128.IsHardwareAccelerated);

    /// <summary>Spreads levels of one bit over bytes: <see cref="LevelBits"/>.</summary>
    public static readonly Kernel Levels = Kernel.Of("levels", Vector128Variant, Vector128.IsHardwareAccelerated);

    /// <summary>Counts set levels: <see cref="LevelCounter"/>.</summary>
    public static readonly Kernel LevelCount = Kernel.Of("level-count", VectorVariant, Vector.IsHardwareAccelerated);

    /// <summary>Packs levels into one bit per row: <see cref="LevelPacking"/>.</summary>
    public static readonly Kernel LevelBitsOf = Kernel.Of("level-bits", Vector128Variant, Vector128.IsHardwareAccelerated);

    /// <summary>Null expansion, from values to rows: <see cref="NullExpansion.RowsOf"/>.</summary>
    public static readonly Kernel Rows = Kernel.Of("rows", WordVariant);

    /// <summary>
    /// Null expansion, from rows to values: <see cref="NullExpansion.ValuesBetween"/>.
    /// </summary>
    public static readonly Kernel Ranks = Kernel.Of("ranks", WordVariant);

    /// <summary>
    /// Checks dictionary indices against the size of the dictionary: <see cref="IndexRange"/>.
    /// </summary>
    public static readonly Kernel IndexBounds = Kernel.Of("index-range", VectorVariant, Vector.IsHardwareAccelerated);

    /// <summary>
    /// Finds the indices whose dictionary entries are keys: <see cref="DictionaryLookup"/>.
    /// </summary>
    public static readonly Kernel Lookup = Kernel.Of("lookup", "branchless");

    /// <summary>Sums 32-bit differences: <see cref="PrefixSum"/>.</summary>
    public static readonly Kernel Sum32 = Kernel.Of("sum32", Vector128Variant, Vector128.IsHardwareAccelerated);

    /// <summary>Joins prefixes and suffixes: <see cref="PrefixJoiner"/>.</summary>
    public static readonly Kernel Join = Kernel.Of("join", Vector128Variant, Vector128.IsHardwareAccelerated);

    /// <summary>Reassembles split values: <see cref="ByteStreamSplit"/>.</summary>
    public static readonly Kernel Split = Kernel.Of(
        "split", Vector128Variant, Sse2.IsSupported || System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.IsSupported);

    /// <summary>All kernels.</summary>
    public static IReadOnlyList<Kernel> All =>
        [
            Snappy, SnappyPairs, Lz4, Repeat, Walk, Plain, Probe, ProbeView, ProbeNumbers, Unpack, Levels, LevelCount, LevelBitsOf, Rows,
            Ranks, IndexBounds, Lookup, Sum32, Join, Split, Crc32.Kernel];
}
