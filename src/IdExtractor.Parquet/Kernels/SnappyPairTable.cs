using System.Runtime.InteropServices;

namespace IdExtractor.Parquet.Kernels;

/// <summary>
/// What <see cref="SnappyPairLockStep"/> has to know of a copy's tag byte and of a literal's
/// length. One block of memory that lives as long as the process: three words for each of 256 tag
/// bytes in three arrays, then a mask of 16 bytes for each of four literal lengths.
/// </summary>
/// <remarks>
/// Tags that the kernel does not handle (literals, copies of more than <see cref="LongestCopy"/>
/// bytes, 4-byte offsets) have offset 0. The comparison that catches overlapping copies therefore
/// catches them too.
/// </remarks>
internal static unsafe class SnappyPairTable
{
    /// <summary>
    /// Where the words start that select a copy's offset; its tag byte is the lowest byte.
    /// </summary>
    public const int Offsets = 0;

    /// <summary>Where the words start that are added to these offsets.</summary>
    public const int Added = 256 * sizeof(ulong);

    /// <summary>Where the lengths of copies start.</summary>
    public const int Lengths = 2 * 256 * sizeof(ulong);

    /// <summary>
    /// Where the masks start. That of a literal is at four times its tag byte, which is a multiple
    /// of four.
    /// </summary>
    public const int Masks = 3 * 256 * sizeof(ulong);

    /// <summary>The longest literal that the kernel handles.</summary>
    public const int LongestLiteral = 4;

    /// <summary>The longest copy: together with the longest literal, it fills one vector.</summary>
    public const int LongestCopy = Vector - LongestLiteral;

    private const int Vector = 16;

    /// <summary>The block.</summary>
    public static readonly byte* Block = Build();

    private static byte* Build()
    {
        var block = (byte*)NativeMemory.AlignedAlloc(Masks + (LongestLiteral * Vector), 4096);
        for (var tag = 0; tag < 256; tag++)
        {
            var (selected, added, length) = Meaning(tag);
            ((ulong*)(block + Offsets))[tag] = selected;
            ((ulong*)(block + Added))[tag] = added;
            ((ulong*)(block + Lengths))[tag] = length;
        }

        for (var literal = 1; literal <= LongestLiteral; literal++)
        {
            for (var i = 0; i < Vector; i++)
                block[Masks + ((literal - 1) * Vector) + i] = (byte)(i < literal ? 0xFF : 0);
        }

        return block;
    }

    private static (ulong Selected, ulong Added, ulong Length) Meaning(int tag)
    {
        var length = (tag >> 2) + 1;
        return (tag & 3) switch
        {
            1 => (0xFF00, (ulong)(tag >> 5) << 8, 4 + ((ulong)tag >> 2 & 7)),
            2 when length <= LongestCopy => (0xFF_FF00, 0, (ulong)length),
            _ => (0, 0, 0),
        };
    }
}
