using System.Reflection;
using Parquet;

namespace IdExtractor.Peers;

/// <summary>Parquet.Net, which is managed code.</summary>
internal sealed class ParquetNetPairs : IColumnPairs
{
    public string Version { get; } =
        typeof(ParquetReader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public async Task<int> CountRowGroupsAsync(string file)
    {
        await using var reader = await ParquetReader.CreateAsync(file);
        return reader.RowGroupCount;
    }

    public async Task<Array> ReadAsync(string file, int rowGroup, string column)
    {
        await using var reader = await ParquetReader.CreateAsync(file);
        using var group = reader.OpenRowGroupReader(rowGroup);
        var field = reader.Schema.GetDataFields().Single(field => field.Name == column);
        if (field.ClrType == typeof(long))
        {
            var numbers = new long?[group.RowCount];
            await group.ReadAsync<long>(field, numbers);
            return numbers;
        }

        var texts = new string[group.RowCount];
        await group.ReadAsync(field, texts);
        return texts;
    }
}
