using IdExtractor.Parquet.Thrift;

namespace IdExtractor.Parquet.Pages;

/// <summary>Reads <c>BloomFilterHeader</c> (parquet-format, BloomFilter.md): the structure that stands before the bits.</summary>
internal static class BloomFilterHeader
{
    /// <summary>Bytes that hold any header that is read.</summary>
    public const int MaxSize = 64;

    private const int MaxDepth = 8;

    /// <summary>Reads the header at the start of <paramref name="input"/>.</summary>
    /// <param name="input">The filter's bytes, from its header on.</param>
    /// <param name="headerSize">Bytes of the header.</param>
    /// <param name="bitsetSize">Bytes of the bits that follow.</param>
    /// <returns>False when it is malformed, or when algorithm, hash or compression are not the ones that the format defines: the filter then tells nothing.</returns>
    public static bool TryRead(ReadOnlySpan<byte> input, out int headerSize, out int bitsetSize)
    {
        headerSize = bitsetSize = 0;
        var reader = new CompactReader(input, MaxDepth);
        try
        {
            var known = 0;
            reader.BeginStruct();
            while (reader.NextField(out var id, out var type))
            {
                if (id == 1)
                    bitsetSize = reader.ReadI32(type);
                else if (id is >= 2 and <= 4 && type == ThriftType.Struct && IsFirstOfUnion(ref reader))
                    known++;
                else if (id > 4)
                    reader.Skip(type);
                else
                    return false;
            }

            headerSize = reader.Position;
            return known == 3 && bitsetSize > 0;
        }
        catch (ThriftFormatException)
        {
            return false;
        }
    }

    /// <summary>Split blocks, xxHash64 and no compression are each the first, and so far the only, member of their union.</summary>
    private static bool IsFirstOfUnion(ref CompactReader reader)
    {
        var outer = reader.BeginStruct();
        var isFirst = false;
        while (reader.NextField(out var id, out var type))
        {
            isFirst = id == 1;
            reader.Skip(type);
        }

        reader.EndStruct(outer);
        return isFirst;
    }
}
