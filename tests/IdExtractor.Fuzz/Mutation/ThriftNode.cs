namespace IdExtractor.Fuzz.Mutation;

/// <summary>Types of the Thrift compact protocol, numbered as on the wire.</summary>
internal enum WireType : byte
{
    True = 1,
    False = 2,
    Byte = 3,
    I16 = 4,
    I32 = 5,
    I64 = 6,
    Double = 7,
    Binary = 8,
    List = 9,
    Set = 10,
    Map = 11,
    Struct = 12,
}

/// <summary>
/// One value of the compact protocol as a tree that can be changed at will, written back even when
/// it makes no sense. It shares nothing with the engine's reader.
/// </summary>
internal sealed class ThriftNode
{
    public required WireType Type { get; set; }

    /// <summary>The value of an integer type; the byte of a Byte.</summary>
    public long Number { get; set; }

    /// <summary>The content of a Binary or the eight bytes of a Double.</summary>
    public byte[] Bytes { get; set; } = [];

    /// <summary>Elements of a list or set; keys and values by turns of a map.</summary>
    public List<ThriftNode> Items { get; init; } = [];

    /// <summary>Type of a list's elements, or of a map's keys.</summary>
    public WireType ItemType { get; set; }

    /// <summary>Type of a map's values.</summary>
    public WireType ValueType { get; set; }

    /// <summary>Fields of a struct in the order in which they stand.</summary>
    public List<ThriftField> Fields { get; init; } = [];

    /// <summary>The field of a struct; null when it is not there.</summary>
    public ThriftNode? this[int id] => Fields.Find(field => field.Id == id)?.Value;

    public static ThriftNode Integer(long number) => new() { Type = WireType.I32, Number = number };

    public static ThriftNode Long(long number) => new() { Type = WireType.I64, Number = number };

    public static ThriftNode Boolean(bool value) => new() { Type = value ? WireType.True : WireType.False };

    public static ThriftNode Binary(byte[] bytes) => new() { Type = WireType.Binary, Bytes = bytes };

    public static ThriftNode ListOf(WireType itemType, IEnumerable<ThriftNode> items) =>
        new() { Type = WireType.List, ItemType = itemType, Items = [.. items] };

    public static ThriftNode Struct(params ThriftField[] fields) => new() { Type = WireType.Struct, Fields = [.. fields] };

    /// <summary>Replaces a field of a struct, or puts it where its id belongs.</summary>
    public void Set(int id, ThriftNode value)
    {
        var field = Fields.Find(field => field.Id == id);
        if (field is not null)
            field.Value = value;
        else
            Fields.Insert(Fields.Count(other => other.Id < id), new ThriftField(id, value));
    }

    /// <summary>Takes a field out of a struct.</summary>
    public void Remove(int id) => Fields.RemoveAll(field => field.Id == id);

    /// <summary>This node and all below it.</summary>
    public IEnumerable<ThriftNode> All() =>
        Items.Concat(Fields.Select(field => field.Value)).SelectMany(node => node.All()).Prepend(this);
}

/// <summary>A field of a struct.</summary>
internal sealed class ThriftField(int id, ThriftNode value)
{
    public int Id { get; set; } = id;

    public ThriftNode Value { get; set; } = value;
}
