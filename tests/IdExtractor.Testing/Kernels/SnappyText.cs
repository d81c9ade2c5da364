using System.Buffers.Binary;

namespace IdExtractor.Testing.Kernels;

/// <summary>
/// Makes Snappy streams of every kind of tag from a seed, together with what they decompress to: not by compressing, but by choosing tags and following them.
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

    private void AddNearCopy(int length)
    {
        var offset = random.Next(1, Math.Min(_output.Count, 2047) + 1);
        _tags.Add((byte)(1 | length - 4 << 2 | offset >> 8 << 5));
        _tags.Add((byte)offset);
        Repeat(offset, length);
    }

    private void AddFarCopy(int length, bool wide)
    {
        var offset = random.Next(10) == 0 ? Math.Min(_output.Count, ushort.MaxValue) : random.Next(1, Math.Min(_output.Count, ushort.MaxValue) + 1);
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
