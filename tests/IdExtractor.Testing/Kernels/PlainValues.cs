using System.Globalization;
using System.Text;

namespace IdExtractor.Testing.Kernels;

/// <summary>PLAIN byte arrays for kernels that take them.</summary>
internal static class PlainValues
{
    public const int PrefixLength = sizeof(int);

    /// <summary>
    /// Values of 14 digits; of mixed lengths, a few of one length behind one another; or those with
    /// a lie about a length or a cut end.
    /// </summary>
    public static byte[] Make(Random random, int count, InputShape shape)
    {
        var bytes = new List<byte>();
        var prefixes = new List<int>();
        var length = 14;
        for (var i = 0; i < count; i++)
        {
            if (shape != InputShape.Typical && random.Next(12) == 0)
                length = random.Next(8) switch { 0 => 0, 1 => random.Next(60), < 5 => random.Next(7, 18), _ => 14 };
            prefixes.Add(bytes.Count);
            bytes.AddRange(BitConverter.GetBytes(length));
            bytes.AddRange(Digits(random, length));
        }

        if (shape == InputShape.Adversarial && count > 0)
        {
            var at = prefixes[random.Next(count)];
            var lie = BitConverter.GetBytes(
                random.Next(5) switch
                {
                    0 => -1,
                    1 => int.MinValue,
                    2 => int.MaxValue,
                    3 => bytes.Count - at - PrefixLength + random.Next(-1, 2),
                    _ => random.Next(40)
                });
            for (var i = 0; i < PrefixLength; i++)
                bytes[at + i] = lie[i];
            return [.. bytes.Take(bytes.Count - (random.Next(2) * random.Next(Math.Min(bytes.Count, 20))))];
        }

        return [.. bytes];
    }

    /// <summary>The extents of values that are all whole.</summary>
    public static List<(int Offset, int Length)> Extents(byte[] plain)
    {
        var extents = new List<(int Offset, int Length)>();
        for (var at = 0; at < plain.Length; at += PrefixLength + extents[^1].Length)
            extents.Add((at + PrefixLength, BitConverter.ToInt32(plain, at)));
        return extents;
    }

    public static byte[] Digits(Random random, int length)
    {
        var text = new StringBuilder();
        while (text.Length < length)
            text.Append(random.NextInt64(100_000_000_000).ToString("D14", CultureInfo.InvariantCulture));
        return Encoding.ASCII.GetBytes(text.ToString(0, length));
    }
}
