using IdExtractor.Parquet.Thrift;

namespace IdExtractor.Parquet.Footer;

/// <summary>
/// <c>Statistics</c> as stored in the file. Holds ranges of the struct's bytes, so that unused
/// statistics are not copied.
/// </summary>
internal sealed class StatisticsFields
{
    private Range? _oldMin, _oldMax, _min, _max;
    private long? _nullCount;
    private bool? _isMinExact, _isMaxExact;

    public static StatisticsFields Read(ref CompactReader reader)
    {
        var statistics = new StatisticsFields();
        var outer = reader.BeginStruct();
        while (reader.NextField(out var id, out var type))
        {
            switch (id)
            {
                case 1 when type == ThriftType.Binary:
                    statistics._oldMax = Locate(ref reader, type);
                    break;
                case 2 when type == ThriftType.Binary:
                    statistics._oldMin = Locate(ref reader, type);
                    break;
                case 3 when type == ThriftType.I64:
                    statistics._nullCount = reader.ReadI64(type);
                    break;
                case 5 when type == ThriftType.Binary:
                    statistics._max = Locate(ref reader, type);
                    break;
                case 6 when type == ThriftType.Binary:
                    statistics._min = Locate(ref reader, type);
                    break;
                case 7 when type is (ThriftType.True or ThriftType.False):
                    statistics._isMaxExact = reader.ReadBool(type);
                    break;
                case 8 when type is (ThriftType.True or ThriftType.False):
                    statistics._isMinExact = reader.ReadBool(type);
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
    /// The statistics that can be trusted. The newer fields have a defined order only when the file
    /// declares the order of the column; the deprecated ones always use signed comparison.
    /// </summary>
    /// <param name="thrift">The bytes that the ranges refer to.</param>
    /// <param name="column">The column.</param>
    /// <param name="trust">Whether the column's bounds can be trusted.</param>
    /// <param name="valueCount">Values of the chunk, including nulls.</param>
    /// <returns>Null when the number of nulls contradicts the chunk, so the statistics must belong
    /// to another one.</returns>
    public ColumnStatistics? ToStatistics(ReadOnlyMemory<byte> thrift, ColumnDescriptor column, ColumnTrust trust, long valueCount)
    {
        if (_nullCount is { } nulls && (nulls < 0 || nulls > valueCount || (nulls > 0 && column.MaxDefinitionLevel == 0)))
            return null;
        var isNew = trust.HasOrder && (_min is not null || _max is not null);
        ReadOnlyMemory<byte>? Bytes(Range? range) => range is { } place ? thrift[place] : null;
        var statistics = new ColumnStatistics(Bytes(isNew ? _min : _oldMin), Bytes(isNew ? _max : _oldMax), _nullCount, IsLegacy: !isNew)
        {
            IsMinExact = isNew ? _isMinExact : null,
            IsMaxExact = isNew ? _isMaxExact : null,
        };
        return trust.HasTrueBounds && AreSound(statistics, thrift.Span, column) && _nullCount != valueCount
            ? statistics : statistics.WithoutBounds();
    }

    private bool AreSound(ColumnStatistics statistics, ReadOnlySpan<byte> thrift, ColumnDescriptor column)
    {
        if (statistics is not { Min: { } min, Max: { } max })
            return true;
        if (ColumnStatistics.IsPlaceholder(min.Span, max.Span))
            return false;

        // Signed integers have the same order in both pairs of fields, so a writer that fills both
        // must store the same bounds in both.
        if (statistics.IsLegacy || BoundOrder.Of(column) is not { IsTrueOfLegacyFields: true })
            return true;
        var isSameMin = _oldMin is not { } oldMin || thrift[oldMin].SequenceEqual(min.Span);
        return isSameMin && (_oldMax is not { } oldMax || thrift[oldMax].SequenceEqual(max.Span));
    }

    private static Range Locate(ref CompactReader reader, ThriftType type)
    {
        var length = reader.ReadBinary(type).Length;
        return new Range(reader.Position - length, reader.Position);
    }
}
