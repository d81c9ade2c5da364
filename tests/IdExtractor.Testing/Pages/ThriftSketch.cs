using System.Text;

namespace IdExtractor.Testing.Pages;

/// <summary>The part of the Thrift compact protocol that the tests need.</summary>
internal sealed class ThriftSketch
{
    private readonly List<byte> _bytes = [];
    private int _last;

    public ThriftSketch Field(int id, int type)
    {
        var delta = id - _last;
        _last = id;
        if (delta is > 0 and < 16)
        {
            _bytes.Add((byte)((delta << 4) | type));
            return this;
        }

        _bytes.Add((byte)type);
        return Integer(id);
    }

    public ThriftSketch Integer(long value)
    {
        Varint((ulong)((value << 1) ^ (value >> 63)));
        return this;
    }

    public ThriftSketch Text(string text) => Binary(Encoding.UTF8.GetBytes(text));

    public ThriftSketch Binary(byte[] bytes)
    {
        Varint((ulong)bytes.Length);
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>A boolean as an element of a list.</summary>
    public ThriftSketch Flag(bool value)
    {
        _bytes.Add(value ? (byte)1 : (byte)2);
        return this;
    }

    public ThriftSketch List(int elementType, int count)
    {
        _bytes.Add((byte)(count < 15 ? (count << 4) | elementType : 0xF0 | elementType));
        if (count >= 15)
            Varint((ulong)count);
        return this;
    }

    public ThriftSketch Struct(Action fields)
    {
        var outer = _last;
        _last = 0;
        fields();
        _bytes.Add(0);
        _last = outer;
        return this;
    }

    public byte[] End()
    {
        _bytes.Add(0);
        return [.. _bytes];
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
    }
}
