using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using IdExtractor.Foundation.Kernels;

namespace IdExtractor.Foundation.Checksums;

/// <summary>
/// CRC-32 with the IEEE 802.3 polynomial (0x04C11DB7, reflected, initial value and final XOR all
/// ones): the checksum of gzip members (RFC 1952) and of Parquet pages. Uses carry-less
/// multiplication where the processor supports it, two lanes at a time if possible, and eight
/// tables otherwise.
/// </summary>
/// <remarks>
/// Kernel <c>crc</c>. Preconditions: none; folding needs <see cref="Pclmulqdq"/>, wide folding
/// <see cref="Pclmulqdq.V256"/>. Over-read: none. Aliasing: reads only. Benchmark:
/// <c>ChecksumBenchmarks</c>, <c>KernelBenchmarks</c>.
/// </remarks>
public static class Crc32
{
    private const uint ReflectedPolynomial = 0xEDB88320;

    // Shorter data has nothing to fold.
    private const int FoldingThreshold = 64;

    private const int WideThreshold = 2 * FoldingThreshold;

    /// <summary>Its variants.</summary>
    internal static readonly Kernel Kernel = Kernel.Of(
        "crc", [new(WideVariant, Pclmulqdq.V256.IsSupported), new(FoldingVariant, Pclmulqdq.IsSupported)]);

    internal const string WideVariant = "wide-folding";

    internal const string FoldingVariant = "folding";

    private static readonly bool s_folds = !Kernel.Uses(Kernel.Scalar);

    private static readonly bool s_foldsWide = Kernel.Uses(WideVariant);

    private static readonly uint[] Tables = BuildTables();

    /// <summary>The checksum of <paramref name="data"/>; 0 for no data.</summary>
    public static uint Compute(ReadOnlySpan<byte> data) => Append(0, data);

    /// <summary>
    /// The checksum of what <paramref name="crc"/> was computed over, followed by
    /// <paramref name="data"/>.
    /// </summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> data) =>
        s_foldsWide ? AppendFoldingWide(crc, data) : s_folds ? AppendFolding(crc, data) : AppendScalar(crc, data);

    /// <summary>The reference implementation: eight bytes per step through eight tables.</summary>
    internal static uint AppendScalar(uint crc, ReadOnlySpan<byte> data) => ~Advance(~crc, data);

    /// <summary>
    /// Folds 64 bytes per step by carry-less multiplication, after Gopal et al., "Fast CRC
    /// Computation for Generic Polynomials Using PCLMULQDQ Instruction" (Intel, 2009). The
    /// constants are x^n mod P, reflected. The 16 bytes left at the end are congruent to everything
    /// folded so far and go through the tables, which avoids the Barrett reduction. Short data, and
    /// all data without the instruction, goes through the tables.
    /// </summary>
    internal static uint AppendFolding(uint crc, ReadOnlySpan<byte> data)
    {
        if (!Pclmulqdq.IsSupported || data.Length < FoldingThreshold)
            return AppendScalar(crc, data);
        var by512Bits = Vector128.Create(0x1_5444_2BD4UL, 0x1_C6E4_1596UL);

        var blocks = MemoryMarshal.Cast<byte, Vector128<ulong>>(data);
        var x0 = blocks[0] ^ Vector128.CreateScalar(~crc).AsUInt64();
        var x1 = blocks[1];
        var x2 = blocks[2];
        var x3 = blocks[3];
        var next = 4;
        for (; next + 4 <= blocks.Length; next += 4)
        {
            x0 = Fold(x0, by512Bits) ^ blocks[next];
            x1 = Fold(x1, by512Bits) ^ blocks[next + 1];
            x2 = Fold(x2, by512Bits) ^ blocks[next + 2];
            x3 = Fold(x3, by512Bits) ^ blocks[next + 3];
        }

        x0 = Fold(x0, By128Bits) ^ x1;
        x0 = Fold(x0, By128Bits) ^ x2;
        x0 = Fold(x0, By128Bits) ^ x3;
        return End(x0, data[(next * 16)..]);
    }

    /// <summary>The same in vectors of 256 bits, 128 bytes per step.</summary>
    internal static uint AppendFoldingWide(uint crc, ReadOnlySpan<byte> data)
    {
        if (!Pclmulqdq.V256.IsSupported || data.Length < WideThreshold)
            return AppendFolding(crc, data);
        var by1024Bits = Vector256.Create(0x1_E88E_F372UL, 0x1_4A7F_E880UL, 0x1_E88E_F372UL, 0x1_4A7F_E880UL);
        var by256Bits = Vector256.Create(0x0_F1DA_05AAUL, 0x1_5A54_6366UL, 0x0_F1DA_05AAUL, 0x1_5A54_6366UL);

        var blocks = MemoryMarshal.Cast<byte, Vector256<ulong>>(data);
        var x0 = blocks[0] ^ Vector256.CreateScalar(~crc).AsUInt64();
        var x1 = blocks[1];
        var x2 = blocks[2];
        var x3 = blocks[3];
        var next = 4;
        for (; next + 4 <= blocks.Length; next += 4)
        {
            x0 = Fold(x0, by1024Bits) ^ blocks[next];
            x1 = Fold(x1, by1024Bits) ^ blocks[next + 1];
            x2 = Fold(x2, by1024Bits) ^ blocks[next + 2];
            x3 = Fold(x3, by1024Bits) ^ blocks[next + 3];
        }

        x0 = Fold(x0, by256Bits) ^ x1;
        x0 = Fold(x0, by256Bits) ^ x2;
        x0 = Fold(x0, by256Bits) ^ x3;
        return End(Fold(x0.GetLower(), By128Bits) ^ x0.GetUpper(), data[(next * 32)..]);
    }

    private static Vector128<ulong> By128Bits => Vector128.Create(0x1_7519_97D0UL, 0x0_CCAA_009EUL);

    /// <summary>Folds the rest of the data into the folded value.</summary>
    private static uint End(Vector128<ulong> folded, ReadOnlySpan<byte> data)
    {
        var blocks = MemoryMarshal.Cast<byte, Vector128<ulong>>(data);
        foreach (var block in blocks)
            folded = Fold(folded, By128Bits) ^ block;
        Span<byte> bytes = stackalloc byte[16];
        folded.AsByte().CopyTo(bytes);
        return ~Advance(Advance(0, bytes), data[(blocks.Length * 16)..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Fold(Vector128<ulong> x, Vector128<ulong> constants) =>
        Pclmulqdq.CarrylessMultiply(x, constants, 0x00) ^ Pclmulqdq.CarrylessMultiply(x, constants, 0x11);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Fold(Vector256<ulong> x, Vector256<ulong> constants) =>
        Pclmulqdq.V256.CarrylessMultiply(x, constants, 0x00) ^ Pclmulqdq.V256.CarrylessMultiply(x, constants, 0x11);

    private static uint Advance(uint state, ReadOnlySpan<byte> data)
    {
        var tables = Tables.AsSpan(0, 8 * 256);
        while (data.Length >= 8)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(data) ^ state;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            state = tables[(7 * 256) + (byte)low]
                ^ tables[(6 * 256) + (byte)(low >> 8)]
                ^ tables[(5 * 256) + (byte)(low >> 16)]
                ^ tables[(4 * 256) + (byte)(low >> 24)]
                ^ tables[(3 * 256) + (byte)high]
                ^ tables[(2 * 256) + (byte)(high >> 8)]
                ^ tables[256 + (byte)(high >> 16)]
                ^ tables[(byte)(high >> 24)];
            data = data[8..];
        }

        foreach (var value in data)
            state = tables[(byte)(state ^ value)] ^ (state >> 8);
        return state;
    }

    // Table k holds the effect of a byte that is followed by k more bytes.
    private static uint[] BuildTables()
    {
        var tables = new uint[8 * 256];
        for (uint value = 0; value < 256; value++)
        {
            var state = value;
            for (var bit = 0; bit < 8; bit++)
                state = (state >> 1) ^ ((state & 1) * ReflectedPolynomial);
            tables[value] = state;
        }

        for (var i = 256; i < tables.Length; i++)
            tables[i] = (tables[i - 256] >> 8) ^ tables[(byte)tables[i - 256]];
        return tables;
    }
}
