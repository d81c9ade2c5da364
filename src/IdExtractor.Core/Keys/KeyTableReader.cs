using System.Buffers.Binary;
using IdExtractor.Core.Feed;
using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;
using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Core.Keys;

/// <summary>
/// Reads the key column of Table A from its Parquet files, whatever its type (specification,
/// section 5).
/// </summary>
public static class KeyTableReader
{
    /// <summary>
    /// Passes every value of the key column to <paramref name="intake"/>, file by file.
    /// </summary>
    /// <param name="table">Table A.</param>
    /// <param name="intake">Takes the values.</param>
    /// <param name="progress">Counts bytes.</param>
    /// <param name="memory">The budget for pages.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="IdExtractorException">A file is bad or cannot be read.</exception>
    public static async Task ReadAsync(TablePlan table, KeyIntake intake, RunProgress progress, MemoryBudget memory, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        using var columns = new ColumnReader();
        using var batch = new ColumnBatch();
        using var readers = new ChunkReaders(
            table.Files.SelectMany(file => file.RowGroups, (file, group) => new PlannedRange(file, group.Chunks[0].Offset, group.Chunks[0].Length)), readers: 1, concurrency: 1, progress, cancellationToken);
        using var source = new ObjectChunkSource(progress, cancellationToken);
        foreach (var file in table.Files)
        {
            var reader = await readers.OpenAsync(file).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                foreach (var rowGroup in file.RowGroups)
                {
                    var chunk = rowGroup.Chunks[0];
                    source.Open(reader, chunk.Offset, chunk.Length);
                    columns.Open(new ChunkContext(file.Name, rowGroup.Index, chunk, ParquetLimits.Default) { Memory = memory }, source);
                    while (columns.Read(batch))
                        Take(batch, file.KeyColumn, intake);
                }
            }
        }
    }

    private static void Take(ColumnBatch batch, ColumnDescriptor column, KeyIntake intake)
    {
        intake.AddNulls(batch.RowCount - batch.ValueCount);
        var isUnsigned = column.Logical is { Kind: LogicalKind.Integer, IsSigned: false };
        for (var i = 0; i < batch.ValueCount; i++)
        {
            var value = batch.Value(i);
            switch (column.Physical)
            {
                case PhysicalType.Int32 when isUnsigned:
                    intake.AddUnsigned(BinaryPrimitives.ReadUInt32LittleEndian(value));
                    break;
                case PhysicalType.Int32:
                    intake.AddNumber(BinaryPrimitives.ReadInt32LittleEndian(value));
                    break;
                case PhysicalType.Int64 when isUnsigned:
                    intake.AddUnsigned(BinaryPrimitives.ReadUInt64LittleEndian(value));
                    break;
                case PhysicalType.Int64:
                    intake.AddNumber(BinaryPrimitives.ReadInt64LittleEndian(value));
                    break;
                case var _ when column.Logical.Kind == LogicalKind.Decimal:
                    intake.AddDecimal(value);
                    break;
                default:
                    intake.AddText(value);
                    break;
            }
        }
    }
}
