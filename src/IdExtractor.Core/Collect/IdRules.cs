using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace IdExtractor.Core.Collect;

/// <summary>The problem with an id.</summary>
public enum IdProblem
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It has no bytes; the null-id policy decides.</summary>
    Empty,

    /// <summary>It holds CR or LF, so it would be two lines of the output.</summary>
    LineBreak,

    /// <summary>It is not UTF-8, which the output is.</summary>
    NotUtf8,
}

/// <summary>
/// The rules for an id of a matched row (specification, section 5, decision 12). Other control
/// characters, blanks and Unicode line separators are allowed.
/// </summary>
public static class IdRules
{
    private const ulong TopBits = 0x8080_8080_8080_8080;
    private const ulong Offsets = 0x6060_6060_6060_6060;

    /// <summary>Returns the first problem found in an id.</summary>
    public static IdProblem Check(ReadOnlySpan<byte> id)
    {
        if (id.IsEmpty)
            return IdProblem.Empty;
        if (id.Length >= sizeof(ulong) && id.Length <= 2 * sizeof(ulong) && ArePrintable(id))
            return IdProblem.None;
        if (id.ContainsAny((byte)'\r', (byte)'\n'))
            return IdProblem.LineBreak;
        return Utf8.IsValid(id) ? IdProblem.None : IdProblem.NotUtf8;
    }

    /// <summary>
    /// Returns whether 8 to 16 bytes are all ASCII and no control characters, as nearly all ids
    /// are.
    /// </summary>
    private static bool ArePrintable(ReadOnlySpan<byte> id)
    {
        ref var start = ref MemoryMarshal.GetReference(id);
        var head = Unsafe.ReadUnaligned<ulong>(ref start);
        var tail = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, id.Length - sizeof(ulong)));

        // Of bytes below 0x80, adding 0x60 sets the top bit of those from 0x20 on.
        return ((head | tail) & TopBits) == 0 && ((head + Offsets) & (tail + Offsets) & TopBits) == TopBits;
    }
}
