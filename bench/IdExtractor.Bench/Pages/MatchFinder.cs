using System.Buffers.Binary;

namespace IdExtractor.Bench.Pages;

/// <summary>
/// Splits bytes into literals and matches as fast compressors do: greedily, with one table of where
/// each hash of four bytes was last seen, in independent blocks of 64 KiB. Its matches in random
/// digits are as short as those of the usual libraries, and short matches slow decoders down.
/// </summary>
internal static class MatchFinder
{
    private const int BlockLength = 64 << 10;
    private const int LeastMatch = 4;
    private const int HashBits = 14;

    /// <summary>
    /// Literals <c>Start..Start + Literals</c>, then a copy of <c>Length</c> bytes from
    /// <c>Offset</c> bytes back; the last of a block may have no copy.
    /// </summary>
    public readonly record struct Piece(int Start, int Literals, int Offset, int Length);

    /// <summary>All pieces in order.</summary>
    public static IEnumerable<Piece> Split(byte[] data)
    {
        for (var start = 0; start < data.Length; start += BlockLength)
        {
            foreach (var piece in SplitBlock(data, start, Math.Min(start + BlockLength, data.Length)))
                yield return piece;
        }
    }

    private static IEnumerable<Piece> SplitBlock(byte[] data, int start, int end)
    {
        var lastSeen = new int[1 << HashBits];
        Array.Fill(lastSeen, -1);
        var literals = start;
        for (var at = start; at + sizeof(ulong) <= end;)
        {
            var hash = Hash(data, at);
            var earlier = lastSeen[hash];
            lastSeen[hash] = at;
            if (earlier < 0 || !data.AsSpan(earlier, LeastMatch).SequenceEqual(data.AsSpan(at, LeastMatch)))
            {
                at++;
                continue;
            }

            var length = LeastMatch + data.AsSpan(earlier + LeastMatch, end - at - LeastMatch)
                .CommonPrefixLength(data.AsSpan(at + LeastMatch, end - at - LeastMatch));
            yield return new Piece(literals, at - literals, at - earlier, length);
            at += length;
            literals = at;
        }

        if (literals < end)
            yield return new Piece(literals, end - literals, 0, 0);
    }

    private static int Hash(byte[] data, int at) =>
        (int)(BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(at)) * 0x1E35A7BDu >> (32 - HashBits));
}
