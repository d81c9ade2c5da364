namespace IdExtractor.Testing.Pages;

/// <summary>
/// Writes Snappy elements and, beside them, what they mean. Not a compressor: the caller, or
/// chance, chooses the elements, so that all kinds of tags and all ways to write a length turn up.
/// </summary>
internal sealed class SnappyTestEncoder
{
    private readonly List<byte> _elements = [];
    private readonly List<byte> _expected = [];

    /// <summary>What the stream decodes to.</summary>
    public byte[] Expected => [.. _expected];

    /// <summary>
    /// A stream of random elements whose output is about <paramref name="length"/> bytes long.
    /// </summary>
    public static SnappyTestEncoder Random(Random random, int length)
    {
        var encoder = new SnappyTestEncoder();
        while (encoder._expected.Count < length)
        {
            var kind = encoder._expected.Count == 0 ? 0 : random.Next(4);
            if (kind == 0)
                encoder.Literal(SampleData.Noise(random, 1 + LengthOf(random, random.Next(5) == 0 ? 70_000 : 80)), random.Next(5));
            else
                encoder.Copy(kind, OffsetOf(random, encoder._expected.Count), kind == 1 ? random.Next(4, 12) : random.Next(1, 65));
        }

        return encoder;
    }

    /// <summary>The stream with its preamble.</summary>
    public byte[] ToStream() => [.. Varint((uint)_expected.Count), .. _elements];

    /// <summary>The elements behind a preamble that declares another length.</summary>
    public byte[] ToStream(uint declared) => [.. Varint(declared), .. _elements];

    /// <summary>
    /// A literal whose length is in the tag, or after it in <paramref name="lengthBytes"/> bytes
    /// where that is needed or requested.
    /// </summary>
    public SnappyTestEncoder Literal(ReadOnlySpan<byte> bytes, int lengthBytes = 0)
    {
        var value = (uint)bytes.Length - 1;
        while (lengthBytes == 0 ? value >= 60 : lengthBytes < 4 && value >> (8 * lengthBytes) != 0)
            lengthBytes++;
        _elements.Add((byte)(lengthBytes == 0 ? value << 2 : (59u + (uint)lengthBytes) << 2));
        for (var i = 0; i < lengthBytes; i++)
            _elements.Add((byte)(value >> (8 * i)));
        _elements.AddRange(bytes);
        _expected.AddRange(bytes);
        return this;
    }

    /// <summary>
    /// A copy of a kind: 1, 2, 3 for one, two, four bytes of offset. What does not fit the kind
    /// goes into the next.
    /// </summary>
    public SnappyTestEncoder Copy(int kind, int offset, int length)
    {
        if (kind == 1 && offset >= 2048)
            kind = 2;
        if (kind == 2 && offset >= 65536)
            kind = 3;
        RawCopy(kind, (uint)offset, length);
        for (var i = 0; i < length; i++)
            _expected.Add(_expected[^offset]);
        return this;
    }

    /// <summary>
    /// Writes a copy as given, valid or not, without any effect on the expected output.
    /// </summary>
    public SnappyTestEncoder RawCopy(int kind, uint offset, int length)
    {
        if (kind == 1)
        {
            _elements.Add((byte)(1 | ((length - 4) << 2) | ((int)(offset >> 8) << 5)));
            _elements.Add((byte)offset);
            return this;
        }

        _elements.Add((byte)(kind | ((length - 1) << 2)));
        for (var i = 0; i < (kind == 2 ? 2 : 4); i++)
            _elements.Add((byte)(offset >> (8 * i)));
        return this;
    }

    /// <summary>A length of 0 to <paramref name="max"/>, short ones more often.</summary>
    public static int LengthOf(Random random, int max) => (int)Math.Pow(max + 1, random.NextDouble()) - 1;

    /// <summary>An offset into what there is, short ones more often.</summary>
    public static int OffsetOf(Random random, int written) => 1 + LengthOf(random, written - 1);

    private static List<byte> Varint(uint value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return bytes;
    }
}
