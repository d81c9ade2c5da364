namespace IdExtractor.Parquet.Tests.Encodings;

/// <summary>
/// Tables of values in each shape that decoders treat differently: equal and mixed lengths, empty
/// ones, shared prefixes, extremes.
/// </summary>
internal static class ValueTables
{
    internal static byte[][] ByteArrays(Random random, int count)
    {
        var shape = random.Next(6);
        var length = random.Next(4) == 0 ? 0 : random.Next(1, 40);
        var values = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            if (shape == 5 && random.Next(12) == 0)
                length = random.Next(40);
            values[i] = shape switch
            {
                0 or 5 => Bytes(random, length),
                1 => Bytes(random, random.Next(8)),
                2 => Bytes(random, random.Next(100)),
                3 => Sharing(random, i == 0 ? [] : values[i - 1], 40),
                _ => Sharing(random, i == 0 ? [] : values[i - 1], 14),
            };
        }

        return values;
    }

    internal static long[] Integers(Random random, int count, bool is32Bit)
    {
        var shape = random.Next(7);
        var step = random.NextInt64(-1000, 1000);
        var bits = random.Next(1, is32Bit ? 33 : 65);
        var last = random.NextInt64();
        var values = new long[count];
        for (var i = 0; i < count; i++)
        {
            last = shape switch
            {
                0 => unchecked(last + step),
                1 => unchecked(last + random.Next(100)),
                2 => unchecked(last + (random.NextInt64() >> (64 - bits))),
                3 => random.NextInt64(long.MinValue, long.MaxValue),
                4 => random.Next(2) == 0 ? (is32Bit ? int.MinValue : long.MinValue) : (is32Bit ? int.MaxValue : long.MaxValue),
                5 => random.Next(50) == 0 ? random.NextInt64(long.MinValue, long.MaxValue) : last,
                _ => (i / 32 % 3) switch { 0 => 7, 1 => random.Next(16), _ => random.NextInt64() },
            };
            values[i] = is32Bit ? (int)last : last;
        }

        return values;
    }

    internal static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    internal static byte[][] Cut(ReadOnlySpan<byte> bytes, int[] offsets, int[] lengths)
    {
        var values = new byte[offsets.Length][];
        for (var i = 0; i < values.Length; i++)
            values[i] = bytes.Slice(offsets[i], lengths[i]).ToArray();
        return values;
    }

    private static byte[] Sharing(Random random, byte[] previous, int longest)
    {
        var prefix = previous[..random.Next(Math.Min(previous.Length, longest) + 1)];
        return [.. prefix, .. Bytes(random, random.Next(longest - prefix.Length + 1))];
    }
}
