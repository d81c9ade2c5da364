using IdExtractor.Core.Catalog;
using IdExtractor.Core.Match;
using IdExtractor.Core.Parquet;
using IdExtractor.Core.Plan;

namespace IdExtractor.Core.Pipeline;

/// <summary>The first two steps: catalog and plan, for both tables.</summary>
internal sealed class InputPlanning(PipelineServices services, StepClock steps)
{
    private readonly TableFormatCheck _formats = new();

    /// <summary>Finds the partitions of both tables, pins their files and reads their footers.</summary>
    public async Task<PlannedInput> RunAsync(ExtractionSettings settings, CancellationToken cancellationToken)
    {
        var isList = KeyListReader.IsKeyList(settings.TableA);
        var (a, b) = await steps.RunAsync(RunPhase.Catalog, async () =>
        {
            var keys = isList ? null : await SelectAsync(settings.TableA, settings.PartitionA, cancellationToken).ConfigureAwait(false);
            return (keys, await SelectAsync(settings.TableB, settings.PartitionB, cancellationToken).ConfigureAwait(false));
        }).ConfigureAwait(false);

        return await steps.RunAsync(RunPhase.Plan, async () =>
        {
            var memory = new MemoryShares(settings.MaxMemory);
            var keys = a is null
                ? new PlannedKeys(null, await PinListAsync(settings.TableA, cancellationToken).ConfigureAwait(false))
                : new PlannedKeys(await new TablePlanner(ParquetLimits.Default, memory.FootersOfA, _formats).PlanAsync(a, TableRequest.ForTableA(settings), cancellationToken).ConfigureAwait(false), null);
            var table = await new TablePlanner(ParquetLimits.Default, memory.FootersOfB, _formats).PlanAsync(b, TableRequest.ForTableB(settings), cancellationToken).ConfigureAwait(false);
            PartitionAge.EnsureFresh(table.Table, table.SourcePartition, table.PartitionTime, settings.MaxPartitionAge, services.Clock);
            foreach (var folder in _formats.Unlisted)
                services.Observer.Note("catalog.unlisted", new RunField("folder", folder));
            Tell(SummaryOf(keys));
            Tell(InputSummary.Of(TableRole.B, table));
            return new PlannedInput(keys, table, Fingerprint(settings, keys, table), a, b);
        }).ConfigureAwait(false);
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

    private async Task<PartitionSelection> SelectAsync(string reference, PartitionPin? pin, CancellationToken cancellationToken)
    {
        var catalog = services.CatalogOf(reference);

        // Before anything is listed: the folders of such a table may look like partitions that do not fit together.
        await _formats.EnsurePlainAsync(await catalog.LocateAsync(cancellationToken).ConfigureAwait(false), clean: null, cancellationToken).ConfigureAwait(false);
        return await PartitionSearch.SelectAsync(catalog, pin, cancellationToken).ConfigureAwait(false);
    }

    private async Task<PlannedList> PinListAsync(string address, CancellationToken cancellationToken)
    {
        var (store, key) = services.Stores.OpenObject(address);
        var list = await KeyListReader.PinAsync(store, key, cancellationToken).ConfigureAwait(false);
        return new PlannedList(store, list, store.Describe(key));
    }

    private void Tell(InputSummary input)
    {
        services.Observer.InputPlanned(input);
        var warnings = input.Skipped.Count(item => item.IsWarning);
        if (warnings > 0)
            services.Observer.Warn($"{warnings} partition{(warnings == 1 ? " was" : "s were")} passed over in {input.Table}; plan tells which and why");
    }
}
