using System.Buffers.Binary;

namespace IdExtractor.Testing.Kernels;

/// <summary>
/// Makes Snappy streams of every kind of tag from a seed, together with what they decompress to:
/// not by compressing, but by choosing tags and following them.
/// </summary>
internal sealed class SnappyText(Random random)
{
    private readonly List<byte> _tags = [];
    private readonly List<byte> _output = [];

    /// <summary>The tags, without the preamble.</summary>
    public byte[] Tags => [.. _tags];

    /// <summary>What they decompress to.</summary>
    public byte[] Output => [.. _output];

    /// <summary>A stream of about <paramref name="length"/> bytes of output.</summary>
    public static SnappyText Make(Random random, int length)
    {
        var text = new SnappyText(random);
        while (text._output.Count < length)
            text.AddTag(length - text._output.Count);
        return text;
    }

    /// <summary>
    /// A stream of about <paramref name="length"/> bytes of output, in words of 8 bytes as integers
    /// are compressed: a literal for the low bytes, a copy for the high ones.
    /// </summary>
    /// <param name="random">Chooses the tags.</param>
    /// <param name="length">Bytes of output.</param>
    /// <param name="exceptions">How many of a hundred words are other tags.</param>
    public static SnappyText MakeWords(Random random, int length, int exceptions)
    {
        var text = new SnappyText(random);
        while (text._output.Count < length)
        {
            var room = length - text._output.Count;
            if (text._output.Count < sizeof(ulong) || room < sizeof(ulong) || random.Next(100) < exceptions)
                text.AddTag(room);
            else
                text.AddWord();
        }

        return text;
    }

    private void AddWord()
    {
        var literal = random.Next(1, 5);
        AddLiteral(literal);

        // Usually of another word; sometimes so near that the copy overlaps what it writes.
        var words = random.Next(1, Math.Min(_output.Count, ushort.MaxValue) / sizeof(ulong) + 1);
        var offset = random.Next(200) == 0 ? random.Next(1, sizeof(ulong)) : words * sizeof(ulong);
        if (offset < 2048 && random.Next(4) > 0)
            AddNearCopy(offset, sizeof(ulong) - literal);
        else
            AddFarCopy(offset, sizeof(ulong) - literal, wide: false);
    }

    private void AddTag(int room)
    {
        var kind = random.Next(100);
        if (_output.Count == 0 || kind < 40)
            AddLiteral(Math.Min(room, kind < 36 ? random.Next(1, 17) : kind < 39 ? random.Next(1, 100) : random.Next(1, 5000)));
        else if (kind < 70 && room >= 4)
            AddNearCopy(Math.Min(room, random.Next(4, 12)));
        else
            AddFarCopy(Math.Min(room, kind < 95 ? random.Next(1, 17) : random.Next(1, 65)), wide: kind >= 98);
    }

    private void AddLiteral(int length)
    {
        var count = length - 1;
        if (count < 60)
        {
            _tags.Add((byte)(count << 2));
        }
        else
        {
            var bytes = count < 256 ? 1 : random.Next(2, 5);
            _tags.Add((byte)(59 + bytes << 2));
            for (var i = 0; i < bytes; i++)
                _tags.Add((byte)(count >> 8 * i));
        }

        for (var i = 0; i < length; i++)
        {
            var value = (byte)random.Next('0', '9' + 1);
            _tags.Add(value);
            _output.Add(value);
        }
    }

    private void AddNearCopy(int length) => AddNearCopy(random.Next(1, Math.Min(_output.Count, 2047) + 1), length);

    private void AddNearCopy(int offset, int length)
    {
        _tags.Add((byte)(1 | length - 4 << 2 | offset >> 8 << 5));
        _tags.Add((byte)offset);
        Repeat(offset, length);
    }

    private void AddFarCopy(int length, bool wide)
    {
        var farthest = Math.Min(_output.Count, ushort.MaxValue);
        AddFarCopy(random.Next(10) == 0 ? farthest : random.Next(1, farthest + 1), length, wide);
    }

    private void AddFarCopy(int offset, int length, bool wide)
    {
        _tags.Add((byte)((wide ? 3 : 2) | length - 1 << 2));
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, offset);
        _tags.AddRange(bytes[..(wide ? 4 : 2)]);
        Repeat(offset, length);
    }

    private void Repeat(int offset, int length)
    {
        for (var i = 0; i < length; i++)
            _output.Add(_output[^offset]);
    }
}
