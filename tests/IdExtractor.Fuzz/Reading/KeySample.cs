using System.Globalization;
using System.Numerics;
using System.Text;
using IdExtractor.Core.Keys;
using IdExtractor.Parquet.Footer;

namespace IdExtractor.Fuzz.Reading;

/// <summary>
/// Keys sampled from a column's own values and near them, and the simplest way to decide which rows
/// they match.
/// </summary>
internal sealed class KeySample
{
    private readonly ColumnDescriptor _column;
    private readonly HashSet<string> _bytes = [];
    private readonly HashSet<BigInteger> _numbers = [];
    private readonly KeySetBuilder _builder = new();

    private KeySample(ColumnDescriptor column) => _column = column;

    /// <summary>The keys, as the engine holds them.</summary>
    public KeySet Keys => _builder.Build();

    /// <summary>Takes some of the values.</summary>
    /// <param name="column">Whose values they are.</param>
    /// <param name="rows">The values; null for null.</param>
    /// <param name="random">Chooses.</param>
    /// <param name="onlyCpfLike">Only keys of 8 to 16 bytes, for which the engine has a way of its
    /// own.</param>
    public static KeySample Draw(ColumnDescriptor column, IEnumerable<byte[]?> rows, Random random, bool onlyCpfLike)
    {
        var sample = new KeySample(column);
        var share = random.Next(2, 64);
        foreach (var value in rows.OfType<byte[]>())
        {
            if (random.Next(share) != 0)
                continue;
            sample.AddUnlessUnfit(KeyOf(column, value), onlyCpfLike);
            if (random.Next(8) == 0)
                sample.AddUnlessUnfit(Near(KeyOf(column, value), random), onlyCpfLike);
        }

        sample.Add("00012345678901"u8);
        return sample;
    }

    /// <summary>Exactly the given keys.</summary>
    public static KeySample Of(ColumnDescriptor column, IEnumerable<byte[]> keys)
    {
        var sample = new KeySample(column);
        foreach (var key in keys)
            sample.Add(key);
        return sample;
    }

    /// <summary>Exactly the keys that match the given stored values, as far as keys can.</summary>
    public static KeySample OfValues(ColumnDescriptor column, IEnumerable<byte[]> values)
    {
        var sample = new KeySample(column);
        foreach (var value in values)
            sample.AddUnlessUnfit(KeyOf(column, value), onlyCpfLike: false);
        return sample;
    }

    /// <summary>
    /// Whether a stored value is one of the keys: bytes as bytes, numbers as numbers.
    /// </summary>
    public bool Matches(byte[] value) => ValueText.Number(_column, value) is { } number
        ? _numbers.Contains(number)
        : _bytes.Contains(Encoding.Latin1.GetString(value));

    /// <summary>A stored value as Table A would hold it.</summary>
    private static byte[] KeyOf(ColumnDescriptor column, byte[] value) => ValueText.Number(column, value) is { } number
        ? Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture))
        : value;

    private static byte[] Near(byte[] key, Random random)
    {
        var near = random.Next(3) switch
        {
            0 when key.Length > 0 => key[..^1],
            1 => [.. key, (byte)'0'],
            _ => (byte[])key.Clone(),
        };
        if (near.Length > 0)
            near[random.Next(near.Length)] ^= 1;
        return near;
    }

    private void AddUnlessUnfit(byte[] key, bool onlyCpfLike)
    {
        if (!onlyCpfLike || key.Length is >= 8 and <= 16)
            Add(key);
    }

    private void Add(ReadOnlySpan<byte> key)
    {
        _builder.Add(key);
        _bytes.Add(Encoding.Latin1.GetString(key));
        if (!key.IsEmpty && !key.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            _numbers.Add(BigInteger.Parse(Encoding.ASCII.GetString(key), CultureInfo.InvariantCulture));
    }
}
