using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IdExtractor.Foundation.Hashing;

namespace IdExtractor.Core.Keys;

/// <summary>
/// The hash of the key set and its filter. Keys and documents of up to 16 bytes, which in practice
/// means all of them, take two loads and one multiplication. Use the high bits, which are the
/// well-mixed ones.
/// </summary>
internal static class KeyHash
{
    /// <summary>The hash of any bytes.</summary>
    public static ulong Of(ReadOnlySpan<byte> value)
    {
        ref var start = ref MemoryMarshal.GetReference(value);
        var length = value.Length;
        if (length is >= 8 and <= 16)
            return Of(Load64(ref start, 0), Load64(ref start, length - 8));
        return length < 8 ? Of(LoadShort(value), (uint)length) : OfLong(value);
    }

    /// <summary>
    /// The hash of 8 to 16 bytes, given the first eight and the last eight of them: that of their
    /// word, so documents of digits and of equal length never share a hash.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(ulong head, ulong tail) => NumberSet.Hash(PackedDigits.Pack(head, tail));

    private static ulong OfLong(ReadOnlySpan<byte> value)
    {
        ref var start = ref MemoryMarshal.GetReference(value);
        var state = (ulong)value.Length;
        for (var i = 0; i < value.Length - 8; i += 8)
            state = Of(state, Load64(ref start, i));
        return Of(state, Load64(ref start, value.Length - 8));
    }

    private static ulong LoadShort(ReadOnlySpan<byte> value)
    {
        var word = 0UL;
        for (var i = 0; i < value.Length; i++)
            word |= (ulong)value[i] << (8 * i);
        return word;
    }

    private static ulong Load64(ref byte start, int offset) =>
        Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, offset));
}
