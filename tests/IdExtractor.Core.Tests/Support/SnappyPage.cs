using System.Buffers.Binary;
using IdExtractor.Core.Tests.Parquet.Encodings;

namespace IdExtractor.Core.Tests.Support;

/// <summary>A plain Snappy compressor: literals, and copies of what the last four equal bytes began.</summary>
internal static class SnappyPage
{
    private const int LongestCopy = 64;
    private const int LongestLiteral = 60;

    public static byte[] Compress(byte[] data)
    {
        var output = new EncodedBytes().AddVarint((ulong)data.Length);
        var seen = new Dictionary<uint, int>();
        var (at, literal) = (0, 0);
        while (at + sizeof(uint) <= data.Length)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(at));
            var found = seen.TryGetValue(word, out var from) && at - from <= ushort.MaxValue;
            seen[word] = at;
            if (!found)
            {
                at++;
                continue;
            }

            AddLiterals(output, data.AsSpan(literal, at - literal));
            var length = data.AsSpan(at, Math.Min(LongestCopy, data.Length - at)).CommonPrefixLength(data.AsSpan(from));
            output.Add((byte)((length - 1) << 2 | 2), (byte)(at - from), (byte)((at - from) >> 8));
            at += length;
            literal = at;
        }

        AddLiterals(output, data.AsSpan(literal));
        return output.ToArray();
    }

    private static void AddLiterals(EncodedBytes output, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length > 0; bytes = bytes[Math.Min(bytes.Length, LongestLiteral)..])
        {
            var part = bytes[..Math.Min(bytes.Length, LongestLiteral)];
            output.Add((byte)((part.Length - 1) << 2)).Add(part.ToArray());
        }
    }
}
