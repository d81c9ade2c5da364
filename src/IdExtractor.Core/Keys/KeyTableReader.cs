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
internal static class KeyTableReader
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
    public static Task ReadAsync(
        TablePlan table, KeyIntake intake, RunProgress progress, MemoryBudget memory, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new ColumnOfFiles(table.Files).ReadAsync(
            static (_, _) => { }, (file, batch) => Take(batch, file.KeyColumn, intake), static _ => { }, progress, memory,
            cancellationToken);
    }

    /// <summary>The requests that <see cref="ReadAsync"/> makes.</summary>
    public static RequestCount CountRequests(TablePlan table) => new ColumnOfFiles(table.Files).CountRequests();

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
