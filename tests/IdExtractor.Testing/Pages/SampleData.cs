using System.Buffers.Binary;
using System.Text;

namespace IdExtractor.Testing.Pages;

/// <summary>
/// Page bodies of the kinds that tables hold, and some that codecs find hard. All from a seed.
/// </summary>
internal static class SampleData
{
    private static readonly Func<Random, int, byte[]>[] Kinds = [Noise, Runs, Documents, Integers, Text, Skewed, Periodic];

    /// <summary>How many kinds there are.</summary>
    public static int KindCount => Kinds.Length;

    /// <summary>A body of one of the kinds.</summary>
    public static byte[] OfKind(int kind, Random random, int length) => Kinds[kind](random, length);

    /// <summary>
    /// A body of any kind and of 0 to <paramref name="maxLength"/> bytes, short ones as likely as
    /// long ones.
    /// </summary>
    public static byte[] Any(Random random, int maxLength) =>
        OfKind(random.Next(KindCount), random, (int)Math.Pow(maxLength + 1, random.NextDouble()) - 1);

    /// <summary>Without any order.</summary>
    public static byte[] Noise(Random random, int length)
    {
        var data = new byte[length];
        random.NextBytes(data);
        return data;
    }

    /// <summary>Runs of a repeated byte.</summary>
    public static byte[] Runs(Random random, int length)
    {
        var data = new byte[length];
        for (var done = 0; done < length;)
        {
            var run = Math.Min(1 + random.Next(300), length - done);
            data.AsSpan(done, run).Fill((byte)random.Next(4));
            done += run;
        }

        return data;
    }

    /// <summary>PLAIN byte arrays of 14 digits.</summary>
    public static byte[] Documents(Random random, int length) =>
        Repeat(length, () => [14, 0, 0, 0, .. Encoding.ASCII.GetBytes($"000{random.NextInt64(100_000_000_000):D11}")]);

    /// <summary>PLAIN 64-bit integers that go up.</summary>
    public static byte[] Integers(Random random, int length)
    {
        var value = 1_000_000L;
        return Repeat(length, () =>
        {
            value += random.Next(1000);
            var bytes = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            return bytes;
        });
    }

    /// <summary>Words, some much more often than others.</summary>
    public static byte[] Text(Random random, int length)
    {
        var words = Enumerable.Range(0, 500)
            .Select(_ => Enumerable.Range(0, 2 + random.Next(8)).Select(_ => (byte)('a' + random.Next(26))).Append((byte)' ').ToArray())
            .ToArray();
        return Repeat(length, () => words[(int)(words.Length * Math.Pow(random.NextDouble(), 4))]);
    }

    /// <summary>
    /// Independent bytes, each half as likely as the one before: the longest Huffman codes, and
    /// next to no matches.
    /// </summary>
    public static byte[] Skewed(Random random, int length)
    {
        var data = new byte[length];
        for (var i = 0; i < length; i++)
            data[i] = (byte)Math.Min(40, -Math.Log(1 - random.NextDouble()) * 2.5);
        return data;
    }

    /// <summary>
    /// Short patterns, each repeated some times: overlapping matches of every period.
    /// </summary>
    public static byte[] Periodic(Random random, int length) => Repeat(length, () =>
    {
        var pattern = Noise(random, 1 + random.Next(40));
        return Enumerable.Repeat(pattern, 1 + random.Next(12)).SelectMany(bytes => bytes).ToArray();
    });

    private static byte[] Repeat(int length, Func<byte[]> next)
    {
        var data = new List<byte>(length + 512);
        while (data.Count < length)
            data.AddRange(next());
        return [.. data.Take(length)];
    }
}
