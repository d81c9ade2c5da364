using System.Globalization;
using System.Text;

namespace IdExtractor.Core.Tests.Stage.Deflate;

/// <summary>Texts of lines, of many kinds and all lengths, drawn from a seed.</summary>
internal static class SampleTexts
{
    /// <summary>One text of each kind, of about the requested length.</summary>
    public static IEnumerable<(string Kind, byte[] Text)> Of(int seed, int length)
    {
        foreach (var (kind, line) in Kinds)
        {
            var random = new Random(seed);
            var lines = new List<string>();
            for (var bytes = 0; bytes <= length; bytes += lines[^1].Length + 1)
                lines.Add(line(random, lines.Count));
            if (random.Next(4) > 0)
                lines.Sort(string.CompareOrdinal);
            var text = Encoding.Latin1.GetBytes(string.Join('\n', lines));
            yield return (kind, text[random.Next((text.Length / 2) + 1)..][..Math.Min(length, text.Length - (text.Length / 2))]);
        }

        var noise = new byte[length];
        new Random(seed).NextBytes(noise);
        yield return ("any bytes", noise);
        yield return ("zeros", new byte[length]);
    }

    private static readonly string[] Words =
        [.. Enumerable.Range(0, 40).Select(word => new string(new Random(word).GetItems("abcdefghijklmnopqrstuvwxyz".AsSpan(), 24)))];

    private static readonly (string Kind, Func<Random, int, string> Line)[] Kinds =
    [
        ("ids of one length", (random, _) => $"ID{random.Next(30_000_000):D9}"),
        ("numbers", (random, _) => random.Next(1 << random.Next(31)).ToString(CultureInfo.InvariantCulture)),
        ("dense numbers", (_, index) => $"{index:D11}"),
        ("uuids", (random, _) => new Guid(Enumerable.Range(0, 16).Select(_ => (byte)random.Next(256)).ToArray()).ToString()),
        ("common ends", (random, _) => $"{random.Next(1 << random.Next(31))}-{random.Next(3)}@example.org"),
        ("empty lines", (random, _) => new string('a', random.Next(2))),
        ("one letter", (random, _) => new string('a', random.Next(900))),
        ("lines of some kilobytes", (random, _) => new string((char)random.Next('a', 'e'), random.Next(3000)) + random.Next(10)),
        ("lines beyond the window", (random, _) => new string((char)random.Next('a', 'c'), 20_000 + random.Next(30_000)) + random.Next(10)),
        (
            "all bytes but line feeds",
            (random, _) => string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => (char)random.Next(11, 256)))),
        (
            "words that come again",
            (random, _) => $"{random.Next(1000):D3}{Words[random.Next(Words.Length)]}{random.Next(100)}{Words[random.Next(Words.Length)]}"),
    ];
}
