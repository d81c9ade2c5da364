namespace IdExtractor.Fuzz.Mutation;

/// <summary>
/// Chooses what a compressor would refer back to: sometimes less than it could, and from farther
/// away than it would.
/// </summary>
internal static class MatchPicker
{
    /// <summary>
    /// Splits bytes into literals and the match that follows them; the last piece has no match, its
    /// length is 0.
    /// </summary>
    public static List<(int Start, int Literals, int Offset, int Length)> Pick(ReadOnlySpan<byte> bytes, Random random)
    {
        var pieces = new List<(int, int, int, int)>();

        // Where four bytes stood last, as a compressor remembers them; sometimes only some of them,
        // so that references reach farther back.
        var seen = new Dictionary<uint, int>();
        var forget = random.Next(4) == 0;
        var literalStart = 0;
        var at = 0;
        while (at < bytes.Length)
        {
            var match = 0;
            var from = 0;
            if (at + 4 <= bytes.Length)
            {
                var word = BitConverter.ToUInt32(bytes[at..]);
                if (seen.TryGetValue(word, out from) && random.Next(8) != 0)
                    match = MatchLength(bytes, from, at);
                if (!forget || random.Next(16) == 0)
                    seen[word] = at;
            }

            if (match < 4)
            {
                at++;
                continue;
            }

            match = random.Next(4) == 0 ? random.Next(1, match + 1) : match;
            pieces.Add((literalStart, at - literalStart, at - from, match));
            at += match;
            literalStart = at;
        }

        pieces.Add((literalStart, bytes.Length - literalStart, 0, 0));
        return pieces;
    }

    private static int MatchLength(ReadOnlySpan<byte> bytes, int from, int at)
    {
        var length = 0;
        while (length < 600 && at + length < bytes.Length && bytes[from + length] == bytes[at + length])
            length++;
        return length;
    }
}
