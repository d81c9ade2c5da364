using IdExtractor.Parquet.Thrift;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// Reads <c>BloomFilterHeader</c> (parquet-format, BloomFilter.md), the structure that precedes the
/// bitset.
/// </summary>
internal static class BloomFilterHeader
{
    /// <summary>The longest accepted header, in bytes.</summary>
    public const int MaxSize = 64;

    private const int MaxDepth = 8;

    /// <summary>Reads the header at the start of <paramref name="input"/>.</summary>
    /// <param name="input">The filter's bytes, starting at its header.</param>
    /// <param name="headerSize">Length of the header, in bytes.</param>
    /// <param name="bitsetSize">Length of the bitset that follows, in bytes.</param>
    /// <returns>False when the header is malformed, or when its algorithm, hash or compression is
    /// not one that the format defines. The filter is unusable then.</returns>
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

    /// <summary>
    /// Split blocks, xxHash64 and no compression are each the first member of their union, and so
    /// far the only one.
    /// </summary>
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
