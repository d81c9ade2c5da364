namespace IdExtractor.Fuzz.Mutation;

/// <summary>
/// Reads and writes <see cref="ThriftNode"/> trees. Reading is for sound input: it raises whatever
/// the runtime raises for anything else.
/// </summary>
internal static class ThriftCodec
{
    /// <summary>Reads a struct.</summary>
    /// <param name="bytes">Where it begins.</param>
    /// <param name="length">Bytes that it takes.</param>
    public static ThriftNode Read(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        return ReadValue(bytes, ref length, WireType.Struct, isElement: false);
    }

    /// <summary>Writes a struct.</summary>
    public static byte[] Write(ThriftNode node)
    {
        var output = new List<byte>();
        WriteValue(output, node, isElement: false);
        return [.. output];
    }

    private static ThriftNode ReadValue(ReadOnlySpan<byte> bytes, ref int at, WireType type, bool isElement)
    {
        var node = new ThriftNode { Type = type };
        switch (type)
        {
            case WireType.True or WireType.False:
                if (isElement)
                    node.Type = (WireType)bytes[at++];
                break;
            case WireType.Byte:
                node.Number = (sbyte)bytes[at++];
                break;
            case WireType.I16 or WireType.I32 or WireType.I64:
                node.Number = ReadZigZag(bytes, ref at);
                break;
            case WireType.Double:
                node.Bytes = bytes.Slice(at, 8).ToArray();
                at += 8;
                break;
            case WireType.Binary:
                var length = (int)ReadVarint(bytes, ref at);
                node.Bytes = bytes.Slice(at, length).ToArray();
                at += length;
                break;
            case WireType.List or WireType.Set:
                ReadList(bytes, ref at, node);
                break;
            case WireType.Map:
                ReadMap(bytes, ref at, node);
                break;
            default:
                ReadFields(bytes, ref at, node);
                break;
        }

        return node;
    }

    private static void ReadList(ReadOnlySpan<byte> bytes, ref int at, ThriftNode node)
    {
        var header = bytes[at++];
        node.ItemType = (WireType)(header & 15);
        var count = header >> 4 == 15 ? (int)ReadVarint(bytes, ref at) : header >> 4;
        for (var i = 0; i < count; i++)
            node.Items.Add(ReadValue(bytes, ref at, node.ItemType, isElement: true));
    }

    private static void ReadMap(ReadOnlySpan<byte> bytes, ref int at, ThriftNode node)
    {
        var count = (int)ReadVarint(bytes, ref at);
        if (count == 0)
            return;
        var types = bytes[at++];
        node.ItemType = (WireType)(types >> 4);
        node.ValueType = (WireType)(types & 15);
        for (var i = 0; i < 2 * count; i++)
            node.Items.Add(ReadValue(bytes, ref at, i % 2 == 0 ? node.ItemType : node.ValueType, isElement: true));
    }

    private static void ReadFields(ReadOnlySpan<byte> bytes, ref int at, ThriftNode node)
    {
        var id = 0;
        while (bytes[at] != 0)
        {
            var header = bytes[at++];
            id = header >> 4 != 0 ? id + (header >> 4) : (int)ReadZigZag(bytes, ref at);
            node.Fields.Add(new ThriftField(id, ReadValue(bytes, ref at, (WireType)(header & 15), isElement: false)));
        }

        at++;
    }

    private static void WriteValue(List<byte> output, ThriftNode node, bool isElement)
    {
        switch (node.Type)
        {
            case WireType.True or WireType.False:
                if (isElement)
                    output.Add((byte)node.Type);
                break;
            case WireType.Byte:
                output.Add((byte)node.Number);
                break;
            case WireType.I16 or WireType.I32 or WireType.I64:
                WriteVarint(output, (ulong)((node.Number << 1) ^ (node.Number >> 63)));
                break;
            case WireType.Double:
                output.AddRange(node.Bytes);
                break;
            case WireType.Binary:
                WriteVarint(output, (ulong)node.Bytes.Length);
                output.AddRange(node.Bytes);
                break;
            case WireType.List or WireType.Set:
                output.Add((byte)(Math.Min(node.Items.Count, 15) << 4 | (int)node.ItemType));
                if (node.Items.Count >= 15)
                    WriteVarint(output, (ulong)node.Items.Count);
                break;
            case WireType.Map:
                WriteVarint(output, (ulong)node.Items.Count / 2);
                if (node.Items.Count > 0)
                    output.Add((byte)((int)node.ItemType << 4 | (int)node.ValueType));
                break;
            default:
                WriteFields(output, node);
                break;
        }

        foreach (var item in node.Items)
            WriteValue(output, item, isElement: true);
    }

    private static void WriteFields(List<byte> output, ThriftNode node)
    {
        var last = 0;
        foreach (var field in node.Fields)
        {
            var delta = field.Id - last;
            if (delta is > 0 and < 16)
            {
                output.Add((byte)(delta << 4 | (int)field.Value.Type));
            }
            else
            {
                output.Add((byte)field.Value.Type);
                WriteVarint(output, (ulong)(uint)((field.Id << 1) ^ (field.Id >> 31)));
            }

            WriteValue(output, field.Value, isElement: false);
            last = field.Id;
        }

        output.Add(0);
    }

    private static ulong ReadVarint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var result = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            result |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return result;
        }
    }

    private static long ReadZigZag(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = ReadVarint(bytes, ref at);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private static void WriteVarint(List<byte> output, ulong value)
    {
        while (value >= 0x80)
        {
            output.Add((byte)(value | 0x80));
            value >>= 7;
        }

        output.Add((byte)value);
    }
}
