using System.Diagnostics.CodeAnalysis;

namespace IdExtractor.Parquet.Thrift;

/// <summary>
/// Reads the Thrift compact protocol from a span. Memory and recursion are bounded: nothing is
/// allocated by a claimed size, a list cannot claim more elements than there are bytes left, and
/// nesting is limited to <paramref name="maxDepth"/>. Malformed input throws
/// <see cref="ThriftFormatException"/>.
/// </summary>
internal ref struct CompactReader(ReadOnlySpan<byte> input, int maxDepth)
{
    private readonly ReadOnlySpan<byte> _input = input;
    private readonly int _maxDepth = maxDepth;
    private int _depth;
    private int _fieldId;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>
    /// True when the input ended inside the struct. The same struct may be valid with a longer
    /// input.
    /// </summary>
    public bool RanOut { get; private set; }

    /// <summary>All bytes, for code that steps over values itself.</summary>
    public readonly ReadOnlySpan<byte> Input => _input;

    /// <summary>Structs and lists that may still be nested here.</summary>
    public readonly int LevelsLeft => _maxDepth - _depth;

    /// <summary>
    /// Enters a struct. Returns the field id of the enclosing one, to pass to
    /// <see cref="EndStruct"/>.
    /// </summary>
    public int BeginStruct()
    {
        if (++_depth > _maxDepth)
            Fail($"structures nested deeper than {_maxDepth}");
        var outer = _fieldId;
        _fieldId = 0;
        return outer;
    }

    /// <summary>Leaves a struct.</summary>
    public void EndStruct(int outerFieldId)
    {
        _depth--;
        _fieldId = outerFieldId;
    }

    /// <summary>Continues after a value that the caller stepped over.</summary>
    /// <param name="position">Position after the value.</param>
    public void ContinueAt(int position) => Position = position;

    /// <summary>Moves to the next field of the current struct; false at its end.</summary>
    public bool NextField(out int id, out ThriftType type)
    {
        var header = ReadByte();
        type = (ThriftType)(header & 0x0F);
        id = 0;
        if (type == ThriftType.Stop)
            return false;
        if (type > ThriftType.Uuid)
            Fail($"unknown element type {(int)type}");
        var delta = header >> 4;
        var next = delta != 0 ? _fieldId + delta : (int)ReadZigZag(5);
        if (next is < short.MinValue or > short.MaxValue)
            Fail("field id outside 16 bits");
        _fieldId = id = next;
        return true;
    }

    /// <summary>Reads a boolean field, whose value is encoded in its type.</summary>
    public readonly bool ReadBool(ThriftType type)
    {
        if (type is not (ThriftType.True or ThriftType.False))
            FailType("a boolean", type);
        return type == ThriftType.True;
    }

    public int ReadI32(ThriftType type)
    {
        if (type is not (ThriftType.I32 or ThriftType.I16))
            FailType("a 32-bit integer", type);
        var value = ReadZigZag(5);
        if (value is < int.MinValue or > int.MaxValue)
            Fail("integer outside 32 bits");
        return (int)value;
    }

    public long ReadI64(ThriftType type)
    {
        if (type is not (ThriftType.I64 or ThriftType.I32))
            FailType("a 64-bit integer", type);
        return ReadZigZag(10);
    }

    public sbyte ReadI8(ThriftType type)
    {
        if (type != ThriftType.Byte)
            FailType("a byte", type);
        return (sbyte)ReadByte();
    }

    /// <summary>The bytes of a string or binary field, without copying.</summary>
    public ReadOnlySpan<byte> ReadBinary(ThriftType type)
    {
        if (type != ThriftType.Binary)
            FailType("bytes", type);
        var length = ReadVarint(10);
        if (length > (ulong)(_input.Length - Position))
        {
            RanOut = true;
            Fail($"a string of {length} bytes runs past the end");
        }

        var bytes = _input.Slice(Position, (int)length);
        Position += (int)length;
        return bytes;
    }

    /// <summary>
    /// Reads the header of a list. Each element takes at least one byte, so a count above the
    /// number of bytes left is rejected.
    /// </summary>
    public int ReadList(ThriftType fieldType, out ThriftType elementType)
    {
        if (fieldType is not (ThriftType.List or ThriftType.Set))
            FailType("a list", fieldType);
        var header = ReadByte();
        elementType = (ThriftType)(header & 0x0F);
        var count = (ulong)(header >> 4);
        if (count == 15)
            count = ReadVarint(5);

        // Some writers omit the type of an empty list.
        if (count > 0 && elementType is (ThriftType.Stop or > ThriftType.Uuid))
            Fail($"a list of unknown element type {(int)elementType}");
        if (count > (ulong)(_input.Length - Position))
        {
            RanOut = true;
            Fail($"a list of {count} elements runs past the end");
        }

        return (int)count;
    }

    public readonly void Expect(ThriftType actual, ThriftType expected)
    {
        if (actual != expected)
            FailType(expected.ToString(), actual);
    }

    /// <summary>Reads a boolean in a list, where it takes a byte of its own.</summary>
    public bool ReadListBool() => ReadByte() == (byte)ThriftType.True;

    /// <summary>Skips a field of any type.</summary>
    public void Skip(ThriftType type)
    {
        if (type is (ThriftType.Struct or ThriftType.List)
            && CompactSkipper.SkipValue(_input, Position, type, LevelsLeft + 1) is > 0 and var end)
            Position = end;
        else
            SkipValue(type, inCollection: false);
    }

    /// <summary>Skips a field of any type, one byte after the other: the reference
    /// implementation of <see cref="CompactSkipper"/>.</summary>
    public void SkipByBytes(ThriftType type) => SkipValue(type, inCollection: false);

    /// <summary>
    /// Skips a list element of any type. A boolean in a list takes a byte of its own.
    /// </summary>
    public void SkipElement(ThriftType type) => SkipValue(type, inCollection: true);

    private void SkipValue(ThriftType type, bool inCollection)
    {
        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                if (inCollection)
                    Advance(1);
                break;
            case ThriftType.Byte:
                Advance(1);
                break;
            case ThriftType.I16 or ThriftType.I32 or ThriftType.I64:
                ReadVarint(10);
                break;
            case ThriftType.Double:
                Advance(8);
                break;
            case ThriftType.Uuid:
                Advance(16);
                break;
            case ThriftType.Binary:
                ReadBinary(type);
                break;
            case ThriftType.List or ThriftType.Set:
                SkipList(type);
                break;
            case ThriftType.Map:
                SkipMap();
                break;
            case ThriftType.Struct:
                var outer = BeginStruct();
                while (NextField(out _, out var fieldType))
                    SkipValue(fieldType, inCollection: false);
                EndStruct(outer);
                break;
            default:
                Fail($"unknown element type {(int)type}");
                break;
        }
    }

    private void SkipList(ThriftType type)
    {
        if (++_depth > _maxDepth)
            Fail($"structures nested deeper than {_maxDepth}");
        var count = ReadList(type, out var elementType);
        for (var i = 0; i < count; i++)
            SkipValue(elementType, inCollection: true);
        _depth--;
    }

    private void SkipMap()
    {
        if (++_depth > _maxDepth)
            Fail($"structures nested deeper than {_maxDepth}");
        var count = ReadVarint(5);
        if (count > (ulong)(_input.Length - Position))
        {
            RanOut = true;
            Fail($"a map of {count} entries runs past the end");
        }

        var types = count == 0 ? (byte)0 : ReadByte();
        for (var i = 0UL; i < count; i++)
        {
            SkipValue((ThriftType)(types >> 4), inCollection: true);
            SkipValue((ThriftType)(types & 0x0F), inCollection: true);
        }

        _depth--;
    }

    private void Advance(int bytes)
    {
        if (bytes > _input.Length - Position)
        {
            RanOut = true;
            Fail("the structure is cut");
        }

        Position += bytes;
    }

    private byte ReadByte()
    {
        if (Position >= _input.Length)
        {
            RanOut = true;
            Fail("the structure is cut");
        }

        return _input[Position++];
    }

    private ulong ReadVarint(int maxBytes)
    {
        var result = 0UL;
        for (var i = 0; i < maxBytes; i++)
        {
            var b = ReadByte();
            result |= (ulong)(b & 0x7F) << (7 * i);
            if (b < 0x80)
                return result;
        }

        Fail("an integer takes too many bytes");
        return 0;
    }

    private long ReadZigZag(int maxBytes)
    {
        var value = ReadVarint(maxBytes);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    [DoesNotReturn]
    private readonly void Fail(string problem) => throw new ThriftFormatException(problem, Position);

    [DoesNotReturn]
    private readonly void FailType(string expected, ThriftType actual) => Fail($"expected {expected}, found type {actual}");
}
