using System.Reflection;
using ParquetSharp;

namespace IdExtractor.Peers;

/// <summary>ParquetSharp, a wrapper of Arrow's C++ library.</summary>
internal sealed class ParquetSharpPairs : IColumnPairs
{
    public string Version { get; } =
        typeof(ParquetFileReader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public Task<int> CountRowGroupsAsync(string file)
    {
        using var reader = new ParquetFileReader(file);
        return Task.FromResult(reader.FileMetaData.NumRowGroups);
    }

    public Task<Array> ReadAsync(string file, int rowGroup, string column)
    {
        using var reader = new ParquetFileReader(file);
        using var group = reader.RowGroup(rowGroup);
        var schema = reader.FileMetaData.Schema;
        var index = Enumerable.Range(0, schema.NumColumns).Single(number => schema.Column(number).Name == column);
        var rows = checked((int)group.MetaData.NumRows);
        using var chunk = group.Column(index);
        if (schema.Column(index).PhysicalType == PhysicalType.Int64)
        {
            using var numbers = chunk.LogicalReader<long?>();
            return Task.FromResult<Array>(numbers.ReadAll(rows));
        }

        using var texts = chunk.LogicalReader<string>();
        return Task.FromResult<Array>(texts.ReadAll(rows));
    }
}
