using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace IdExtractor.Conformance.Tests.Libraries;

/// <summary>Parquet.Net, which is managed code.</summary>
internal sealed class ParquetNetLibrary : IParquetLibrary
{
    private static readonly CompressionMethod[] s_codecs =
        [
            CompressionMethod.None, CompressionMethod.Snappy, CompressionMethod.Gzip, CompressionMethod.Brotli, CompressionMethod.Zstd,
            CompressionMethod.Lz4Raw];

    public async Task<string> WriteAsync(RandomTable table, string path, Random random)
    {
        var options = new ParquetOptions { CompressionMethod = s_codecs[random.Next(s_codecs.Length)] };
        var hints = (Hint(table.HasNumericDocuments, random), Hint(table.HasNumericIds, random));
        options.ColumnEncodingHints["documento"] = hints.Item1;
        options.ColumnEncodingHints["id"] = hints.Item2;
        DataField documents = table.HasNumericDocuments ? new DataField<long?>("documento") : new DataField<string>("documento");
        DataField ids = table.HasNumericIds ? new DataField<long?>("id") : new DataField<string>("id");
        await using var file = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(documents, ids), file, options);
        foreach (var rows in table.GroupRanges())
        {
            using var group = writer.CreateRowGroup();
            if (table.HasNumericDocuments)
                await group.WriteAsync<long>(documents, table.Documents[rows]);
            else
                await group.WriteAsync(documents, table.DocumentTexts[rows]!);
            if (table.HasNumericIds)
                await group.WriteAsync<long>(ids, table.IdNumbers[rows]);
            else
                await group.WriteAsync(ids, table.Ids[rows]!);
        }

        return $"{options.CompressionMethod}, {hints.Item1} and {hints.Item2}";
    }

    public async Task<IReadOnlyList<string?>> ReadAsync(string path, string column)
    {
        await using var reader = await ParquetReader.CreateAsync(path);
        var field = reader.Schema.GetDataFields().Single(field => field.Name == column);
        var values = new List<string?>();
        for (var number = 0; number < reader.RowGroupCount; number++)
        {
            using var group = reader.OpenRowGroupReader(number);
            if (field.ClrType == typeof(long))
                values.AddRange(await NumbersAsync<long>(group, field));
            else if (field.ClrType == typeof(int))
                values.AddRange(await NumbersAsync<int>(group, field));
            else if (field.ClrType == typeof(uint))
                values.AddRange(await NumbersAsync<uint>(group, field));
            else
                values.AddRange(await TextsAsync(group, field));
        }

        return values;
    }

    private static EncodingHint Hint(bool isNumeric, Random random) => random.Next(3) switch
    {
        0 => EncodingHint.Default,
        1 => isNumeric ? EncodingHint.DeltaBinaryPacked : EncodingHint.Dictionary,
        _ => isNumeric ? EncodingHint.ByteSplitStream : EncodingHint.Default,
    };

    private static async Task<IEnumerable<string?>> NumbersAsync<T>(ParquetRowGroupReader group, DataField field)
        where T : struct, IFormattable
    {
        var numbers = new T?[group.RowCount];
        await group.ReadAsync<T>(field, numbers);
        return numbers.Select(number => number?.ToString(null, CultureInfo.InvariantCulture));
    }

    private static async Task<string?[]> TextsAsync(ParquetRowGroupReader group, DataField field)
    {
        var texts = new string[group.RowCount];
        await group.ReadAsync(field, texts);
        return texts;
    }
}
