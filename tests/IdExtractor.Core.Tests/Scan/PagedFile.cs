using System.Buffers.Binary;
using IdExtractor.Core.Tests.Plan;
using IdExtractor.Parquet;
using IdExtractor.Testing.Pages;

namespace IdExtractor.Core.Tests.Scan;

/// <summary>
/// Writes sound Parquet files of one row group with many small pages and a page index,
/// uncompressed: what a test needs to see which pages are read.
/// </summary>
internal static class PagedFile
{
    /// <summary>A writer whose hints may all be used.</summary>
    public const string TrustedWriter = "parquet-mr version 1.13.1 (build db4183109d5b734ec5930d870cdae161e408ddba)";

    /// <summary>The file, by <see cref="TrustedWriter"/>.</summary>
    public static byte[] Write(params PagedColumn[] columns) => WriteAs(TrustedWriter, columns);

    /// <summary>The file, by another writer.</summary>
    public static byte[] WriteAs(string createdBy, params PagedColumn[] columns)
    {
        var file = new MemoryStream();
        file.Write("PAR1"u8);
        var chunks = columns.Select(column => Chunk.Write(file, column)).ToArray();
        foreach (var chunk in chunks)
            chunk.WriteBounds(file);
        foreach (var chunk in chunks)
            chunk.WriteOffsets(file);
        foreach (var chunk in chunks)
            chunk.WriteBloomFilter(file);
        var footer = Footer(createdBy, columns, chunks);
        file.Write(footer);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        file.Write(length);
        file.Write("PAR1"u8);
        return file.ToArray();
    }

    private static byte[] Footer(string createdBy, PagedColumn[] columns, Chunk[] chunks)
    {
        var rows = columns[0].Values.Length;
        var thrift = new ThriftSketch();
        thrift.Field(1, 5).Integer(1).Field(2, 9).List(12, 1 + columns.Length);
        thrift.Struct(() => thrift.Field(4, 8).Text("root").Field(5, 5).Integer(columns.Length));
        foreach (var column in columns)
            ParquetSketch.WriteElement(thrift, column.Schema);
        thrift.Field(3, 6).Integer(rows).Field(4, 9).List(12, 1);
        thrift.Struct(() =>
        {
            thrift.Field(1, 9).List(12, chunks.Length);
            foreach (var chunk in chunks)
                chunk.WriteMetadata(thrift);
            thrift.Field(3, 6).Integer(rows);
        });
        thrift.Field(6, 8).Text(createdBy).Field(7, 9).List(12, columns.Length);
        foreach (var _ in columns)
            thrift.Struct(() => thrift.Field(1, 12).Struct(() => { }));
        return thrift.End();
    }

    private sealed class Chunk(PagedColumn column)
    {
        private readonly PageIndexSketch _index = new();
        private long _start, _end, _boundsStart, _boundsEnd, _offsetsStart, _offsetsEnd, _bloomStart;

        public static Chunk Write(MemoryStream file, PagedColumn column)
        {
            var chunk = new Chunk(column) { _start = file.Position };
            for (var row = 0; row < column.Values.Length; row += column.PageRows)
                chunk.WritePage(file, row, column.Values.AsSpan(row, Math.Min(column.PageRows, column.Values.Length - row)));
            chunk._end = file.Position;
            column.Tamper?.Invoke(chunk._index);
            return chunk;
        }

        public void WriteBounds(MemoryStream file)
        {
            _boundsStart = file.Position;
            file.Write(_index.Bounds ?? Bounds());
            _boundsEnd = file.Position;
        }

        public void WriteOffsets(MemoryStream file)
        {
            _offsetsStart = file.Position;
            var thrift = new ThriftSketch().Field(1, 9).List(12, _index.Pages.Count);
            foreach (var (offset, size, firstRow) in _index.Pages)
                thrift.Struct(() => thrift.Field(1, 6).Integer(offset).Field(2, 5).Integer(size).Field(3, 6).Integer(firstRow));
            file.Write(thrift.End());
            _offsetsEnd = file.Position;
        }

        public void WriteBloomFilter(MemoryStream file)
        {
            if (column.BloomFilter is not { } bits)
                return;
            _bloomStart = file.Position;
            var thrift = new ThriftSketch().Field(1, 5).Integer(bits.Length);
            for (var union = 2; union <= 4; union++)
                thrift.Field(union, 12).Struct(() => thrift.Field(1, 12).Struct(() => { }));
            file.Write(thrift.End());
            file.Write(bits);
        }

        public void WriteMetadata(ThriftSketch thrift) => thrift.Struct(() => thrift
            .Field(3, 12).Struct(() =>
            {
                thrift.Field(1, 5).Integer((int)column.Schema.Physical!.Value).Field(4, 5).Integer(0)
                    .Field(5, 6).Integer(column.Values.Length).Field(6, 6).Integer(_end - _start).Field(7, 6).Integer(_end - _start)
                        .Field(9, 6)
                        .Integer(_start);
                WriteStatistics(thrift);
                if (_bloomStart > 0)
                    thrift.Field(14, 6).Integer(_bloomStart);
            })
            .Field(4, 6).Integer(_offsetsStart).Field(5, 5).Integer(_offsetsEnd - _offsetsStart)
            .Field(6, 6).Integer(_boundsStart).Field(7, 5).Integer(_boundsEnd - _boundsStart));

        private void WriteStatistics(ThriftSketch thrift)
        {
            var values = Sorted(column.Values);
            if (values.Length == 0 || column.HasNoStatistics)
                return;
            var nulls = column.Values.Length - values.Length;
            var (min, max) = column.FooterBounds ?? (values[0], values[^1]);
            thrift.Field(12, 12).Struct(() =>
            {
                if (column.HasLegacyStatistics)
                    thrift.Field(1, 8).Binary(max).Field(2, 8).Binary(min);
                if (!column.HasNoNullCount)
                    thrift.Field(3, 6).Integer(nulls);
                if (!column.HasLegacyStatistics)
                    thrift.Field(5, 8).Binary(max).Field(6, 8).Binary(min);
            });
        }

        private byte[][] Sorted(ReadOnlySpan<byte[]?> values)
        {
            var sorted = values.ToArray().OfType<byte[]>().ToArray();
            Array.Sort(sorted, column.Order);
            return sorted;
        }

        private byte[] Bounds()
        {
            var thrift = new ThriftSketch().Field(1, 9).List(1, _index.NullPages.Count);
            _index.NullPages.ForEach(isNull => thrift.Flag(isNull));
            thrift.Field(2, 9).List(8, _index.Min.Count);
            _index.Min.ForEach(bound => thrift.Binary(bound));
            thrift.Field(3, 9).List(8, _index.Max.Count);
            _index.Max.ForEach(bound => thrift.Binary(bound));
            thrift.Field(4, 5).Integer(_index.Order);
            if (_index.HasNullCounts)
            {
                thrift.Field(5, 9).List(6, _index.NullCounts.Count);
                _index.NullCounts.ForEach(count => thrift.Integer(count));
            }

            return thrift.End();
        }

        private void WritePage(MemoryStream file, int firstRow, ReadOnlySpan<byte[]?> values)
        {
            var body = new MemoryStream();
            WriteLevels(body, values);
            if (column.IsSplit)
                body.Write(PlainEncoders.ByteStreamSplit([.. values.ToArray().OfType<byte[]>().SelectMany(value => value)], sizeof(long)));
            foreach (var value in values)
            {
                if (value is null || column.IsSplit)
                    continue;
                if (column.Schema.Physical == PhysicalType.ByteArray)
                    body.Write(BitConverter.GetBytes(value.Length));
                body.Write(value);
            }

            var rows = values.Length;
            var thrift = new ThriftSketch()
                .Field(1, 5)
                .Integer(0)
                .Field(2, 5)
                .Integer(body.Length)
                .Field(3, 5)
                .Integer(body.Length)
                .Field(5, 12);
            thrift.Struct(() => thrift.Field(1, 5).Integer(rows).Field(2, 5).Integer((int)(
                column.IsSplit ? ParquetEncoding.ByteStreamSplit : ParquetEncoding.Plain)).Field(3, 5).Integer(3).Field(4, 5).Integer(3));
            var header = thrift.End();
            _index.Pages.Add((file.Position, header.Length + (int)body.Length, firstRow));
            file.Write(header);
            file.Write(body.ToArray());

            var sorted = Sorted(values);
            _index.NullPages.Add(sorted.Length == 0);
            _index.Min.Add(sorted.Length == 0 ? [] : sorted[0]);
            _index.Max.Add(sorted.Length == 0 ? [] : sorted[^1]);
            _index.NullCounts.Add(rows - sorted.Length);
        }

        /// <summary>One bit-packed run of definition levels, with its length before it.</summary>
        private static void WriteLevels(MemoryStream body, ReadOnlySpan<byte[]?> values)
        {
            var groups = (values.Length + 7) / 8;
            var packed = new byte[groups];
            for (var row = 0; row < values.Length; row++)
                packed[row / 8] |= (byte)((values[row] is null ? 0 : 1) << (row % 8));
            var header = new List<byte>();
            for (var rest = (groups << 1) | 1; ; rest >>= 7)
            {
                header.Add((byte)(rest >= 0x80 ? rest | 0x80 : rest));
                if (rest < 0x80)
                    break;
            }

            body.Write(BitConverter.GetBytes(header.Count + groups));
            body.Write([.. header, .. packed]);
        }
    }
}
