namespace IdExtractor.Testing.Pages;

/// <summary>
/// Writes LZ4 sequences together with their meaning. Not a compressor: see <see
/// cref="SnappyTestEncoder"/>.
/// </summary>
internal sealed class Lz4TestEncoder
{
    private readonly List<byte> _block = [];
    private readonly List<byte> _expected = [];
    private readonly int _history;

    /// <param name="history">What matches may reach before the block, as in frames of dependent
    /// blocks.</param>
    public Lz4TestEncoder(ReadOnlySpan<byte> history = default)
    {
        _history = history.Length;
        _expected.AddRange(history);
    }

    /// <summary>The block.</summary>
    public byte[] Block => [.. _block];

    /// <summary>What it decodes to.</summary>
    public byte[] Expected => [.. _expected.Skip(_history)];

    /// <summary>
    /// A block of random sequences whose output is about <paramref name="length"/> bytes long.
    /// </summary>
    public static Lz4TestEncoder Random(Random random, int length, ReadOnlySpan<byte> history = default)
    {
        var encoder = new Lz4TestEncoder(history);
        while (encoder._expected.Count - encoder._history < length)
        {
            var literals = RandomLength(random);
            if (encoder._expected.Count == 0 && literals == 0)
                literals = 1;
            var offset = SnappyTestEncoder.OffsetOf(random, Math.Min(65535, encoder._expected.Count + literals));
            encoder.Sequence(SampleData.Noise(random, literals), offset, 4 + RandomLength(random));
        }

        return encoder.Last(SampleData.Noise(random, random.Next(3) == 0 ? 0 : RandomLength(random)));
    }

    /// <summary>
    /// The same of sequences that are short, nearly all of them, as those of documents and ids are.
    /// </summary>
    public static Lz4TestEncoder Short(Random random, int length)
    {
        var encoder = new Lz4TestEncoder();
        while (encoder._expected.Count < length)
        {
            var isLong = random.Next(200) == 0;
            var literals = Math.Max(isLong ? RandomLength(random) : random.Next(14), encoder._expected.Count == 0 ? 1 : 0);
            var offset = random.Next(1, Math.Min(encoder._expected.Count + literals, ushort.MaxValue) + 1);
            encoder.Sequence(SampleData.Noise(random, literals), offset, isLong ? 4 + RandomLength(random) : random.Next(4, 16));
        }

        return encoder.Last(SampleData.Noise(random, random.Next(3) == 0 ? 0 : random.Next(14)));
    }

    /// <summary>Literals, then a match.</summary>
    public Lz4TestEncoder Sequence(ReadOnlySpan<byte> literals, int offset, int length)
    {
        RawSequence(literals, offset, length);
        _expected.AddRange(literals);
        for (var i = 0; i < length; i++)
            _expected.Add(_expected[^offset]);
        return this;
    }

    /// <summary>
    /// Writes literals and a match as given, valid or not, without any effect on the expected
    /// output.
    /// </summary>
    public Lz4TestEncoder RawSequence(ReadOnlySpan<byte> literals, int offset, int length)
    {
        _block.Add((byte)((Math.Min(15, literals.Length) << 4) | Math.Min(15, length - 4)));
        AddRest(literals.Length);
        _block.AddRange(literals);
        _block.Add((byte)offset);
        _block.Add((byte)(offset >> 8));
        AddRest(length - 4);
        return this;
    }

    /// <summary>The literals that end the block.</summary>
    public Lz4TestEncoder Last(ReadOnlySpan<byte> literals)
    {
        _block.Add((byte)(Math.Min(15, literals.Length) << 4));
        AddRest(literals.Length);
        _block.AddRange(literals);
        _expected.AddRange(literals);
        return this;
    }

    private static int RandomLength(Random random) => random.Next(10) == 0 ? random.Next(2000) : random.Next(24);

    private void AddRest(int length)
    {
        if (length < 15)
            return;
        for (length -= 15; length >= 255; length -= 255)
            _block.Add(255);
        _block.Add((byte)length);
    }
}
