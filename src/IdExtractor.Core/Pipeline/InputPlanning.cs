using IdExtractor.Core.Catalog;
using IdExtractor.Core.Job;
using IdExtractor.Core.Keys;
using IdExtractor.Core.Plan;
using IdExtractor.Core.Storage.Formats;
using IdExtractor.Parquet;

namespace IdExtractor.Core.Pipeline;

/// <summary>The first two steps: catalog and plan, for both tables.</summary>
internal sealed class InputPlanning(PipelineServices services)
{
    private readonly TableFormatCheck _formats = new();

    /// <summary>Finds the partitions of both tables.</summary>
    public async Task<FoundPartitions> FindAsync(ExtractionSettings settings, CancellationToken cancellationToken)
    {
        DateTime? newest = settings.AllowFuturePartition ? null : services.Clock.GetUtcNow().UtcDateTime + PartitionSearch.FutureLimit;
        var a = KeyListReader.IsKeyList(settings.TableA)
            ? null
            : await SelectAsync(settings.TableA, settings.PartitionA, newest, cancellationToken).ConfigureAwait(false);
        return new FoundPartitions(
            a, await SelectAsync(settings.TableB, settings.PartitionB, newest, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Pins the files of both tables and reads their footers.</summary>
    public async Task<PlannedInput> PlanAsync(FoundPartitions found, ExtractionSettings settings, CancellationToken cancellationToken)
    {
        var memory = new MemoryShares(settings.MaxMemory);
        var keys = found.A is null
            ? new PlannedKeys(null, await PinListAsync(settings.TableA, cancellationToken).ConfigureAwait(false))
            : new PlannedKeys(
                await PlanAsync(found.A, TableRequest.ForTableA(settings), memory.FootersOfA, cancellationToken).ConfigureAwait(false),
                null);
        var table = await PlanAsync(found.B, TableRequest.ForTableB(settings), memory.FootersOfB, cancellationToken).ConfigureAwait(false);
        PartitionAge.EnsureFresh(table.Table, table.SourcePartition, table.PartitionTime, settings.MaxPartitionAge, services.Clock);
        foreach (var folder in _formats.Unlisted)
            services.Observer.Note("catalog.unlisted", new RunField("folder", folder));
        services.Observer.InputPlanned(SummaryOf(keys));
        services.Observer.InputPlanned(InputSummary.Of(TableRole.B, table));
        return new PlannedInput(keys, table, Fingerprint(settings, keys, table), found.A, found.B);
    }

    /// <summary>What is read for the keys.</summary>
    public static InputSummary SummaryOf(PlannedKeys keys) => keys is { Table: { } table }
        ? InputSummary.Of(TableRole.A, table)
        : new InputSummary
        {
            Role = TableRole.A,
            Table = keys.List!.Name,
            Files = [new InputFile(keys.List.Name, keys.List.Object.Size, Rows: null, RowGroups: 0)],
        };

    private static string Fingerprint(ExtractionSettings settings, PlannedKeys keys, TablePlan b) => InputFingerprint.Compute(
        settings,
        keys is { Table: { } table } ? InputFingerprint.Table.Of(table) : InputFingerprint.Table.Of(keys.List!.Name, keys.List.Object),
        InputFingerprint.Table.Of(b));

    private async Task<PartitionSelection> SelectAsync(
        string reference, PartitionPin? pin, DateTime? newest, CancellationToken cancellationToken)
    {
        var catalog = services.CatalogOf(reference);

        // Before anything is listed: the folders of such a table may look like partitions that do
        // not fit together.
        await _formats.EnsurePlainAsync(
            await catalog.LocateAsync(cancellationToken).ConfigureAwait(false), clean: null, cancellationToken).ConfigureAwait(false);
        var selection = await PartitionSearch.SelectAsync(catalog, pin, cancellationToken, newest).ConfigureAwait(false);

        // At once: the run may stop at the partition that is left.
        Warn(selection.Table, selection.Skipped.Concat(selection.Strays));
        return selection;
    }

    private async Task<PlannedList> PinListAsync(string address, CancellationToken cancellationToken)
    {
        var (store, key) = services.Stores.OpenObject(address);
        var list = await KeyListReader.PinAsync(store, key, cancellationToken).ConfigureAwait(false);
        return new PlannedList(store, list, store.Describe(key));
    }

    private async Task<TablePlan> PlanAsync(
        PartitionSelection selection, TableRequest request, long footers, CancellationToken cancellationToken)
    {
        var plan = await new TablePlanner(ParquetLimits.Default, footers, _formats)
            .PlanAsync(selection, request, cancellationToken)
            .ConfigureAwait(false);
        Warn(selection.Table, plan.Skipped.Skip(selection.Skipped.Count + selection.Strays.Count));
        return plan;
    }

    private void Warn(string table, IEnumerable<SkippedItem> skipped)
    {
        foreach (var warning in SkippedWarnings.Of(table, skipped))
            services.Observer.Warn(warning);
    }

    /// <summary>The partitions to choose from.</summary>
    /// <param name="A">Those of Table A; null for a list.</param>
    /// <param name="B">Those of Table B.</param>
    public sealed record FoundPartitions(PartitionSelection? A, PartitionSelection B);
}
