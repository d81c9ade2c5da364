using IdExtractor.Parquet.Thrift;

namespace IdExtractor.Parquet.Pages;

/// <summary>Reads <c>PageHeader</c> structures.</summary>
internal static class PageHeaderParser
{
    /// <summary>Enough nesting for any known page header, with room for unknown fields.</summary>
    private const int MaxDepth = 16;

    /// <summary>Reads the header at the start of <paramref name="input"/>.</summary>
    /// <returns>False when the input ends inside the header; <paramref name="header"/> is not
    /// usable then.</returns>
    /// <exception cref="ThriftFormatException">The input is not the start of a valid
    /// header.</exception>
    public static bool TryRead(ReadOnlySpan<byte> input, ParquetLimits limits, out PageHeader header)
    {
        var reader = new CompactReader(input, MaxDepth);
        try
        {
            header = Read(ref reader, limits);
            return true;
        }
        catch (ThriftFormatException) when (reader.RanOut)
        {
            header = default;
            return false;
        }
    }

    private static PageHeader Read(ref CompactReader reader, ParquetLimits limits)
    {
        var header = new PageHeader { IsCompressed = true, ValueCount = -1 };
        var (hasType, hasUncompressed, hasCompressed) = (false, false, false);
        reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            switch (id)
            {
                case 1:
                    header = header with { Type = (PageType)reader.ReadI32(type) };
                    hasType = true;
                    break;
                case 2:
                    header = header with
                    {
                        UncompressedSize = Size(reader.ReadI32(type), limits, "uncompressed page size", reader.Position)
                    };
                    hasUncompressed = true;
                    break;
                case 3:
                    header = header with { CompressedSize = Size(reader.ReadI32(type), limits, "compressed page size", reader.Position) };
                    hasCompressed = true;
                    break;
                case 4 when type == ThriftType.I32:
                    header = header with { Crc = (uint)reader.ReadI32(type) };
                    break;
                case 5 when header.Type == PageType.Data:
                    header = ReadData(ref reader, type, header);
                    break;
                case 7 when header.Type == PageType.Dictionary:
                    header = ReadDictionary(ref reader, type, header);
                    break;
                case 8 when header.Type == PageType.DataV2:
                    header = ReadDataV2(ref reader, type, header);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        if (!hasType || !hasUncompressed || !hasCompressed)
            throw new ThriftFormatException("a page header without type or sizes", reader.Position);
        if (header.Type is PageType.Data or PageType.DataV2 or PageType.Dictionary)
            CheckCounts(header, limits, reader.Position);
        return header with { HeaderSize = reader.Position };
    }

    private static void CheckCounts(PageHeader header, ParquetLimits limits, int position)
    {
        if (header.ValueCount < 0)
            throw new ThriftFormatException("no or a negative number of values in a page", position);
        var most = header.Type == PageType.Dictionary ? limits.MaxDictionaryEntries : limits.MaxValuesPerPage;
        if (header.ValueCount > most)
            throw new ThriftFormatException($"more than {most} values in a page", position);
        if (header.DefinitionLevelsSize < 0 || header.RepetitionLevelsSize < 0)
            throw new ThriftFormatException("a negative size of levels", position);
        if ((long)header.DefinitionLevelsSize + header.RepetitionLevelsSize > Math.Min(header.CompressedSize, header.UncompressedSize))
            throw new ThriftFormatException("levels larger than their page", position);
    }

    private static int Size(int value, ParquetLimits limits, string what, int position) => value is >= 0 && value <= limits.MaxPageBytes
        ? value
        : throw new ThriftFormatException($"{what} {value} outside 0..{limits.MaxPageBytes}", position);

    private static PageHeader ReadData(ref CompactReader reader, ThriftType structType, PageHeader header)
    {
        reader.Expect(structType, ThriftType.Struct);
        var outer = reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            switch (id)
            {
                case 1:
                    header = header with { ValueCount = reader.ReadI32(type) };
                    break;
                case 2:
                    header = header with { Encoding = (ParquetEncoding)reader.ReadI32(type) };
                    break;
                case 3:
                    header = header with { LevelEncoding = (ParquetEncoding)reader.ReadI32(type) };
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        reader.EndStruct(outer);
        return header;
    }

    private static PageHeader ReadDictionary(ref CompactReader reader, ThriftType structType, PageHeader header)
    {
        reader.Expect(structType, ThriftType.Struct);
        var outer = reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            if (id == 1)
                header = header with { ValueCount = reader.ReadI32(type) };
            else if (id == 2)
                header = header with { Encoding = (ParquetEncoding)reader.ReadI32(type) };
            else
                reader.Skip(type);
        }

        reader.EndStruct(outer);
        return header;
    }

    private static PageHeader ReadDataV2(ref CompactReader reader, ThriftType structType, PageHeader header)
    {
        reader.Expect(structType, ThriftType.Struct);
        var outer = reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            switch (id)
            {
                case 1:
                    header = header with { ValueCount = reader.ReadI32(type) };
                    break;
                case 4:
                    header = header with { Encoding = (ParquetEncoding)reader.ReadI32(type) };
                    break;
                case 5:
                    header = header with { DefinitionLevelsSize = reader.ReadI32(type) };
                    break;
                case 6:
                    header = header with { RepetitionLevelsSize = reader.ReadI32(type) };
                    break;
                case 7:
                    header = header with { IsCompressed = reader.ReadBool(type) };
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        reader.EndStruct(outer);
        return header;
    }
}
