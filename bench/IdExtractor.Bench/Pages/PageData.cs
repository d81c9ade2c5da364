using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace IdExtractor.Bench.Pages;

/// <summary>
/// What pages of the two columns hold, from a seed: the digits are random, as those of real
/// documents and ids nearly are.
/// </summary>
internal static class PageData
{
    /// <summary>Bytes of a document in a PLAIN page: its length and 14 characters.</summary>
    public const int DocumentBytes = sizeof(int) + 14;

    /// <summary>Documents of 14 characters, a CPF behind three zeros.</summary>
    public static byte[][] Documents(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Text($"000{random.NextInt64(100_000_000_000):D11}"))];
    }

    /// <summary>
    /// Documents of which one in five is written with punctuation, in 18 characters.
    /// </summary>
    public static byte[][] MixedDocuments(int seed, int count)
    {
        var random = new Random(seed);
        return
        [
            .. Documents(seed, count).Select(document => random.Next(5) != 0
                ? document
                : Text($"000.{random.Next(1000):D3}.{random.Next(1000):D3}.{random.Next(1000):D3}-{random.Next(100):D2}")),
        ];
    }

    /// <summary>A PLAIN page body of byte arrays.</summary>
    public static byte[] Plain(byte[][] values)
    {
        var page = new byte[values.Sum(value => sizeof(int) + value.Length)];
        var at = 0;
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(at), value.Length);
            value.CopyTo(page, at + sizeof(int));
            at += sizeof(int) + value.Length;
        }

        return page;
    }

    private static byte[] Text(FormattableString text) => Encoding.ASCII.GetBytes(text.ToString(CultureInfo.InvariantCulture));
}
