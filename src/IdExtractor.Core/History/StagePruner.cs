using System.Collections.Concurrent;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.History;

/// <summary>
/// Removes old stage files: never the one that the active file was copied from, never one of the
/// latest <see cref="PruneSettings.KeepVersions"/> that can be promoted, and none of the last
/// <see cref="PruneSettings.KeepDays"/> days. Each file is compared with the active one again just
/// before it is removed, so that a promotion at the same time keeps its file. While it is not known
/// what is active, nothing is removed.
/// </summary>
/// <param name="output">The output root.</param>
/// <param name="settings">What to keep.</param>
/// <param name="order">Which of two partitions is the later one.</param>
/// <param name="clock">Says how old a file is.</param>
/// <param name="observer">Receives a warning for each entry that is not a file; may be
/// null.</param>
public sealed class StagePruner(
    IObjectStore output, PruneSettings settings, IPartitionOrder order, TimeProvider clock, IRunObserver? observer = null)
{
    private const int AtOnce = 16;

    private readonly OutputLayout _layout = new(settings.Layout);
    private readonly StageInventory _inventory = new(output, settings.Layout, order, observer: observer);

    /// <summary>Removes them.</summary>
    /// <exception cref="ConfigurationException">
    /// The root does not exist, or a file may not be removed.
    /// </exception>
    /// <exception cref="GuardException">
    /// There are files to remove, but no active file, or one whose metadata cannot be used.
    /// </exception>
    /// <exception cref="TransientException">
    /// The store fails temporarily; some files may be removed already.
    /// </exception>
    public async Task<PruneOutcome> RunAsync(CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.KeepVersions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.KeepDays, 1);
        var entries = await _inventory.FindAsync(cancellationToken).ConfigureAwait(false);
        var active = await _inventory.ReadActiveAsync(cancellationToken).ConfigureAwait(false);
        var oldest = clock.GetUtcNow() - TimeSpan.FromDays(settings.KeepDays);
        var latest = entries.Where(entry => entry.Metadata is not null).Take(settings.KeepVersions).ToHashSet();
        var old = entries.Where(entry => entry.IsFile && entry.Created < oldest && !latest.Contains(entry)).ToList();
        if (old.Count > 0 && active?.Metadata is null)
            throw UnknownActive(active);
        old.RemoveAll(entry => MayBeSource(entry, active));
        if (!settings.DryRun)
            old = await RemoveAsync(old, cancellationToken).ConfigureAwait(false);
        return new PruneOutcome { Output = output.Describe(""), IsDryRun = settings.DryRun, Found = entries.Count, Removed = old };
    }

    /// <summary>
    /// Where the metadata of the stage file cannot be used, the size decides: a copy has the size
    /// of its source. Otherwise the size does not count: the source of a damaged active file is the
    /// one to restore it from. Any file may be the source of an active file that is not known.
    /// </summary>
    private static bool MayBeSource(StageEntry entry, ActiveFile? active) => active?.Metadata is not { } current
        || (entry.Metadata is { } metadata ? metadata.IsOfTheSameFile(current) : active.Object.Size == entry.Object.Size);

    private GuardException UnknownActive(ActiveFile? active)
    {
        var place = ErrorPlace.Of(active?.Name ?? output.Describe(_layout.ActiveKey));
        return active is null
            ? new GuardException(
                "There is no active file, so that the stage file that it was copied from is not known", place,
                "give the --active-key of the job, or promote a stage file first")
            : new GuardException(
                "The metadata of the active file cannot be used, so that the stage file that it was copied from is not known", place,
                "restore its metadata, or promote a stage file first");
    }

    private async Task<List<StageEntry>> RemoveAsync(List<StageEntry> old, CancellationToken cancellationToken)
    {
        var removed = new ConcurrentDictionary<string, StageEntry>(StringComparer.Ordinal);
        await ConcurrentWork.ForAsync(old.Count, AtOnce, async (i, cancel) =>
        {
            if (await TryRemoveAsync(old[i], cancel).ConfigureAwait(false))
                removed[old[i].Object.Key] = old[i];
        }, cancellationToken).ConfigureAwait(false);
        return [.. old.Where(entry => removed.ContainsKey(entry.Object.Key))];
    }

    private async Task<bool> TryRemoveAsync(StageEntry entry, CancellationToken cancellationToken)
    {
        var active = await _inventory.ReadActiveAsync(cancellationToken).ConfigureAwait(false);
        if (MayBeSource(entry, active))
            return false;
        try
        {
            return await output.DeleteVersionAsync(entry.Object, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectChangedException)
        {
            // Another program has written the file again: it is not the old one that was found.
            return false;
        }
    }
}
