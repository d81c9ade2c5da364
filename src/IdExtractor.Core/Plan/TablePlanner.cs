using System.Globalization;
using System.Runtime.ExceptionServices;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Formats;
using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;

namespace IdExtractor.Core.Plan;

/// <summary>
/// The second step of a run: lists the chosen partition, pins its files, reads their footers and
/// finds the columns (specification, section 3). A partition without rows is an error, or the
/// planner goes back to the latest one with rows. It never moves away from a pinned partition.
/// </summary>
/// <param name="limits">What a file may claim.</param>
/// <param name="footerBudget">Bytes that the footers of one table may take together.</param>
/// <param name="formats">Looks at the folders between a table, which the caller has checked, and
/// its partition.</param>
internal sealed class TablePlanner(ParquetLimits limits, long footerBudget, TableFormatCheck? formats = null)
{
    /// <summary>Footers that are read at once.</summary>
    private const int Parallelism = 16;

    private readonly TableFormatCheck _formats = formats ?? new TableFormatCheck();

    /// <summary>Plans one table.</summary>
    /// <exception cref="ConfigurationException">The partition is in a table of Delta, Hudi or
    /// Iceberg, or holds one.</exception>
    /// <exception cref="PartitionException">The partition, or every candidate, holds no
    /// rows.</exception>
    /// <exception cref="InputDataException">A needed column is missing, ambiguous, or of different
    /// types in two files.</exception>
    /// <exception cref="UnsupportedFileException">A column's type cannot be used, or a file is
    /// encrypted.</exception>
    /// <exception cref="CorruptFileException">A file is not Parquet, or damaged.</exception>
    /// <exception cref="ObjectChangedException">A file changed since it was listed.</exception>
    public async Task<TablePlan> PlanAsync(PartitionSelection selection, TableRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(request);
        var skipped = new List<SkippedItem>([.. selection.Skipped, .. selection.Strays]);
        var footerReads = 0L;
        foreach (var candidate in selection.Candidates)
        {
            await _formats.EnsurePlainAsync(candidate.Location, selection.Location, cancellationToken).ConfigureAwait(false);
            var files = await PartitionFiles.ListAsync(candidate.Location, cancellationToken).ConfigureAwait(false);
            skipped.AddRange(files.Skipped);
            var reader = new FooterReader(limits, footerBudget);
            var footers = await ReadFootersAsync(reader, candidate.Location.Store, files.Data, cancellationToken).ConfigureAwait(false);
            footerReads += reader.Reads;
            if (footers.Any(footer => footer.RowCount > 0) || (footers.Length > 0 && request.MayHaveNoRows && !selection.IsPartitioned))
            {
                return new TablePlan
                {
                    Table = selection.Table,
                    SourcePartition = candidate.SourcePartition,
                    PartitionTime = candidate.Time,
                    Files = PlanFiles(candidate.Location.Store, files.Data, footers, request, skipped),
                    Skipped = skipped,
                    FooterReads = footerReads,
                };
            }

            var reason = footers.Length == 0 ? "no data files" : "no rows";
            if (!selection.IsPartitioned || request.OnEmptyPartition == EmptyPartitionPolicy.Fail)
                throw Empty(selection, candidate, reason);
            skipped.Add(new SkippedItem(candidate.Location.ToString(), $"empty partition: {reason}", IsWarning: true));
        }

        throw new PartitionException("No partition holds rows", new ErrorPlace
        {
            Object = selection.Table,
            Actual = string.Create(CultureInfo.InvariantCulture, $"{selection.Candidates.Count} empty partitions"),
        }, "check that the table has been written");
    }

    /// <summary>
    /// Reads all footers, also when one is bad, so that of several bad files it is always the first
    /// that is named.
    /// </summary>
    private static async Task<ParquetFooter[]> ReadFootersAsync(
        FooterReader reader, IObjectStore store, IReadOnlyList<ObjectInfo> files, CancellationToken cancellationToken)
    {
        var footers = new ParquetFooter[files.Count];
        var errors = new IdExtractorException?[files.Count];
        await ConcurrentWork.ForAsync(files.Count, Parallelism, async (i, cancel) =>
        {
            try
            {
                footers[i] = await reader.ReadAsync(store, files[i], store.Describe(files[i].Key), cancel).ConfigureAwait(false);
            }
            catch (IdExtractorException e) when (e.ExitCode == ExitCode.BadInput)
            {
                errors[i] = e;
            }
        }, cancellationToken).ConfigureAwait(false);
        if (Array.Find(errors, error => error is not null) is { } first)
            ExceptionDispatchInfo.Throw(first);
        return footers;
    }

    /// <summary>
    /// Files without rows must have the same columns as the others, and are then skipped.
    /// </summary>
    private static List<PlannedFile> PlanFiles(
        IObjectStore store, IReadOnlyList<ObjectInfo> files, ParquetFooter[] footers, TableRequest request, List<SkippedItem> skipped)
    {
        var key = new ColumnAgreement(request.KeyColumn, ColumnRole.Key);
        var id = request.IdColumn is null ? null : new ColumnAgreement(request.IdColumn, ColumnRole.Id);
        var planned = new List<PlannedFile>(files.Count);
        for (var i = 0; i < files.Count; i++)
        {
            var footer = footers[i];
            var keyColumn = key.Resolve(footer);
            var idColumn = id?.Resolve(footer);
            if (footer.RowCount == 0)
            {
                skipped.Add(new SkippedItem(footer.File, "no rows"));
                continue;
            }

            var groups = footer.ReadRowGroups(idColumn is null ? [keyColumn] : [keyColumn, idColumn]);
            planned.Add(
                new PlannedFile(store, files[i], footer.File, footer, keyColumn, idColumn, [.. groups.Where(group => group.RowCount > 0)]));
        }

        return planned;
    }

    private static PartitionException Empty(PartitionSelection selection, PartitionCandidate candidate, string reason)
    {
        var place = new ErrorPlace { Object = candidate.Location.ToString(), Expected = "rows", Actual = reason };
        return selection.IsPartitioned
            ? new PartitionException($"Partition '{candidate.SourcePartition}' is empty", place,
                selection.Candidates.Count == 1
                    ? "wait until it has been written"
                    : "wait until it has been written, or take the one before with --on-empty-partition previous")
            : new PartitionException("The table is empty", place, "check that it has been written");
    }
}
