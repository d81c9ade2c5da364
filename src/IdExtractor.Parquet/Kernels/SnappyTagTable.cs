using System.Runtime.InteropServices;

namespace IdExtractor.Parquet.Kernels;

/// <summary>
/// The meaning of each of the 256 tag bytes, laid out so that a kernel handles literals and copies
/// alike without a branch. One block of memory that lives as long as the process: 256 entries of 8
/// bytes, 256 output lengths, 256 input advances.
/// </summary>
/// <remarks>
/// An entry's low byte is the number of bits of the two bytes after the tag that belong to the
/// offset (0, 8 or 16). Its high half is added to them. A literal has the offset -1, which means
/// "the bytes after the tag". Tags that the kernel does not handle (long literals, copies of more
/// than 16 bytes, 4-byte offsets) have offset 0 and length 1. The comparison that catches
/// overlapping copies therefore catches them too.
/// </remarks>
internal static unsafe class SnappyTagTable
{
    /// <summary>Where the lengths start.</summary>
    public const int Lengths = 256 * sizeof(ulong);

    /// <summary>Where the advances start.</summary>
    public const int Advances = Lengths + 256;

    /// <summary>The longest literal or copy that a kernel handles: one vector.</summary>
    public const int MaxLength = 16;

    /// <summary>The block.</summary>
    public static readonly byte* Block = Build();

    private static byte* Build()
    {
        var block = (byte*)NativeMemory.AlignedAlloc(Advances + 256, 4096);
        for (var tag = 0; tag < 256; tag++)
        {
            var (bits, length, advance, added) = Meaning(tag);
            ((ulong*)block)[tag] = (uint)bits | (ulong)(long)added << 32;
            block[Lengths + tag] = (byte)length;
            block[Advances + tag] = (byte)advance;
        }

        return block;
    }

    private static (int Bits, int Length, int Advance, int Added) Meaning(int tag)
    {
        var length = (tag >> 2) + 1;
        return (tag & 3) switch
        {
            0 when length <= MaxLength => (0, length, 1 + length, -1),
            1 => (8, 4 + (tag >> 2 & 7), 2, tag >> 5 << 8),
            2 when length <= MaxLength => (16, length, 3, 0),
            _ => (0, 1, 0, 0),
        };
    }
}
