using System.Buffers.Binary;

namespace IdExtractor.Testing.Pages;

/// <summary>
/// Finds the matches of a simple compressor: the last position with the same four bytes, at a
/// distance that fits in two bytes.
/// </summary>
internal static class EarlierBytes
{
    /// <summary>
    /// Splits data into bytes that are new and the match that follows them; the last piece has no
    /// match.
    /// </summary>
    public static IEnumerable<(ArraySegment<byte> New, int Offset, int Length)> Split(byte[] data, int longest)
    {
        var seen = new Dictionary<uint, int>();
        var (at, start) = (0, 0);
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

            var length = data.AsSpan(at, Math.Min(longest, data.Length - at)).CommonPrefixLength(data.AsSpan(from));
            yield return (new ArraySegment<byte>(data, start, at - start), at - from, length);
            at += length;
            start = at;
        }

        yield return (new ArraySegment<byte>(data, start, data.Length - start), 0, 0);
    }
}
