using System.Globalization;
using ParquetSharp;

namespace IdExtractor.Conformance.Tests.Libraries;

/// <summary>ParquetSharp, a wrapper of Arrow's C++ library.</summary>
internal sealed class ParquetSharpLibrary : IParquetLibrary
{
    private static readonly Compression[] s_codecs = [
        Compression.Uncompressed, Compression.Snappy, Compression.Gzip, Compression.Brotli, Compression.Zstd, Compression.Lz4
    ];

    private static readonly Encoding[] s_textEncodings = [Encoding.Plain, Encoding.DeltaLengthByteArray, Encoding.DeltaByteArray];

    private static readonly Encoding[] s_integerEncodings = [Encoding.Plain, Encoding.DeltaBinaryPacked, Encoding.ByteStreamSplit];

    public Task<string> WriteAsync(RandomTable table, string path, Random random)
    {
        var codec = s_codecs[random.Next(s_codecs.Length)];
        var pageBytes = random.Next(100, 20_000);
        var batch = random.Next(10, 500);
        var (hasDictionary, hasIndex, hasChecksums, version) = (
            random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0, random.Next(2));
        var documents = (table.HasNumericDocuments ? s_integerEncodings : s_textEncodings)[random.Next(3)];
        var ids = (table.HasNumericIds ? s_integerEncodings : s_textEncodings)[random.Next(3)];
        using var builder = new WriterPropertiesBuilder();
        builder.Compression(codec).DataPagesize(pageBytes).WriteBatchSize(batch)
            .DataPageVersion(version == 0 ? ParquetDataPageVersion.V1 : ParquetDataPageVersion.V2);
        if (!hasDictionary)
            builder.DisableDictionary().Encoding("documento", documents).Encoding("id", ids);
        if (hasIndex)
            builder.EnableWritePageIndex();
        if (hasChecksums)
            builder.EnablePageChecksum();
        using var properties = builder.Build();
        Column[] columns =
        [
            table.HasNumericDocuments ? new Column<long?>("documento") : new Column<string?>("documento"),
            table.HasNumericIds ? new Column<long?>("id") : new Column<string?>("id"),
        ];
        using var writer = new ParquetFileWriter(path, columns, properties);
        foreach (var rows in table.GroupRanges())
        {
            using var group = writer.AppendRowGroup();
            Write(group, table.HasNumericDocuments, table.Documents[rows], table.DocumentTexts[rows]);
            if (table.HasNumericIds)
                Write(group, isNumeric: true, table.IdNumbers[rows], []);
            else
                Write(group, isNumeric: false, [], table.Ids[rows]);
        }

        writer.Close();
        return Task.FromResult(
            $"{codec}, pages of {pageBytes} bytes and version {version + 1}, {(hasDictionary ? "dictionaries" : $"{documents} and {ids}")}, index {hasIndex}, checksums {hasChecksums}");
    }

    public Task<IReadOnlyList<string?>> ReadAsync(string path, string column)
    {
        using var reader = new ParquetFileReader(path);
        var schema = reader.FileMetaData.Schema;
        var index = Enumerable.Range(0, schema.NumColumns).Single(number => schema.Column(number).Name == column);
        var values = new List<string?>();
        for (var number = 0; number < reader.FileMetaData.NumRowGroups; number++)
        {
            using var group = reader.RowGroup(number);
            var rows = checked((int)group.MetaData.NumRows);
            using var chunk = group.Column(index);
            using var logical = chunk.LogicalReader();
            values.AddRange(logical switch
            {
                LogicalColumnReader<string?> texts => texts.ReadAll(rows),
                LogicalColumnReader<long?> numbers => numbers.ReadAll(rows).Select(Text),
                LogicalColumnReader<int?> numbers => numbers.ReadAll(rows).Select(Text),
                LogicalColumnReader<uint?> numbers => numbers.ReadAll(rows).Select(Text),
                _ => throw new NotSupportedException($"{logical}"),
            });
        }

        return Task.FromResult<IReadOnlyList<string?>>(values);
    }

    private static void Write(RowGroupWriter group, bool isNumeric, long?[] numbers, string?[] texts)
    {
        using var column = group.NextColumn();
        if (isNumeric)
        {
            using var writer = column.LogicalWriter<long?>();
            writer.WriteBatch(numbers);
        }
        else
        {
            using var writer = column.LogicalWriter<string?>();
            writer.WriteBatch(texts);
        }
    }

    private static string? Text<T>(T? number)
        where T : struct, IFormattable => number?.ToString(null, CultureInfo.InvariantCulture);
}
