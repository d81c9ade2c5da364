using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;
using IdExtractor.Foundation.Memory;

namespace IdExtractor.Core.Keys;

/// <summary>Reads Table A and makes the set of keys that Table B is scanned for.</summary>
/// <param name="observer">Receives the counts of keys and of rejected values.</param>
/// <param name="progress">Counts the bytes that are read.</param>
internal sealed class KeysStep(IRunObserver observer, RunProgress progress)
{
    /// <summary>
    /// Reads every key of A, and reports how many values it has and how many it rejects.
    /// </summary>
    /// <param name="source">A table or a list.</param>
    /// <param name="settings">The run's settings.</param>
    /// <param name="cancellationToken">Ends the step.</param>
    /// <exception cref="InputDataException">A value is not a CPF and <c>--on-bad-cpf fail</c> is
    /// given, or there is no key.</exception>
    /// <exception cref="GuardException">More values were rejected than
    /// <c>--max-rejected-percent</c>.</exception>
    public async Task<KeySet> RunAsync(PlannedKeys source, ExtractionSettings settings, CancellationToken cancellationToken)
    {
        KeySetBuilder NewBuilder() => new(source.Table?.RowCount ?? 0, new MemoryShares(settings.MaxMemory).Keys);
        KeySetBuilder builder;
        KeyStatistics statistics;
        if (settings.Threads == 1)
        {
            builder = NewBuilder();
            statistics = await ReadKeysAsync(source, settings, builder, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            var building = Task.Run(NewBuilder, CancellationToken.None);
            var relay = new KeyRelay<KeySetBuilder>(building);
            await using (relay.ConfigureAwait(false))
            {
                statistics = await ReadKeysAsync(source, settings, relay, cancellationToken).ConfigureAwait(false);
                await relay.CompleteAsync().ConfigureAwait(false);
                builder = await building.ConfigureAwait(false);
            }
        }

        observer.Counted(RunCount.KeyRows, statistics.Rows);
        Report(statistics.RejectedValues);
        observer.Counted(RunCount.Keys, builder.Count);
        var name = source.Table?.Table ?? source.List!.Name;
        if (statistics.Warning(name) is { } warning)
            observer.Warn(warning);
        statistics.EnsureUsable(name, settings.OnBadCpf, settings.MaxRejectedPercent);
        return builder.Build();
    }

    private void Report(RejectedValues rejected)
    {
        observer.Counted(RunCount.KeysRejected, rejected.Total);
        observer.Counted(RunCount.KeysRejectedEmpty, rejected.Empty);
        observer.Counted(RunCount.KeysRejectedNotDigits, rejected.NotDigits);
        observer.Counted(RunCount.KeysRejectedFloat, rejected.Float);
        observer.Counted(RunCount.KeysRejectedPunctuation, rejected.Punctuation);
        observer.Counted(RunCount.KeysRejectedTooLong, rejected.TooLong);
    }

    private async Task<KeyStatistics> ReadKeysAsync(
        PlannedKeys source, ExtractionSettings settings, IKeySink sink, CancellationToken cancellationToken)
    {
        var cleaner = new CpfCleaner(settings.Match, settings.KeyWidth);
        if (source.Table is { } table)
        {
            var intake = new KeyIntake(cleaner, sink);
            var pages = new MemoryBudget(new MemoryShares(settings.MaxMemory).Pages);
            await KeyTableReader.ReadAsync(table, intake, progress, pages, cancellationToken).ConfigureAwait(false);
            return intake.Statistics;
        }

        var list = source.List!;
        var statistics = await KeyListReader.ReadAsync(
            list.Store, list.Object, settings.KeyColumnA, cleaner, sink, cancellationToken).ConfigureAwait(false);
        progress.AddBytesRead(list.Object.Size);
        return statistics;
    }
}
