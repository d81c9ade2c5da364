using IdExtractor.Core.Parquet.Thrift;

namespace IdExtractor.Core.Parquet.Footer;

/// <summary><c>Statistics</c> as it stands in the file: ranges of the structure's bytes, so that unused statistics cost no copies.</summary>
internal sealed class StatisticsFields
{
    private Range? _oldMin, _oldMax, _min, _max;
    private long? _nullCount;

    public static StatisticsFields Read(ref CompactReader reader)
    {
        var statistics = new StatisticsFields();
        var outer = reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            switch (id)
            {
                case 1:
                    statistics._oldMax = Locate(ref reader, type);
                    break;
                case 2:
                    statistics._oldMin = Locate(ref reader, type);
                    break;
                case 3:
                    statistics._nullCount = reader.ReadI64(type);
                    break;
                case 5:
                    statistics._max = Locate(ref reader, type);
                    break;
                case 6:
                    statistics._min = Locate(ref reader, type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        reader.EndStruct(outer);
        return statistics;
    }

    /// <summary>
    /// The bounds that may be trusted. The newer fields have a defined order only when the file declares its column orders; the older ones are signed comparisons throughout.
    /// </summary>
    public ColumnStatistics ToStatistics(ReadOnlyMemory<byte> thrift, bool hasTypeOrder)
    {
        var isNew = hasTypeOrder && (_min is not null || _max is not null);
        ReadOnlyMemory<byte>? Bytes(Range? newer, Range? older) => (isNew ? newer : older) is { } range ? thrift[range] : null;
        return new ColumnStatistics(Bytes(_min, _oldMin), Bytes(_max, _oldMax), _nullCount is >= 0 ? _nullCount : null, IsLegacy: !isNew);
    }

    private static Range Locate(ref CompactReader reader, ThriftType type)
    {
        var length = reader.ReadBinary(type).Length;
        return new Range(reader.Position - length, reader.Position);
    }
}
