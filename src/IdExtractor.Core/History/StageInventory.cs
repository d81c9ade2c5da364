using System.Collections.Concurrent;
using IdExtractor.Core.Job;
using IdExtractor.Core.Promote;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.History;

/// <summary>
/// Lists the stage files of an output root with their metadata: one listing, and one lookup per
/// file, some of them at the same time. Files that vanish in the meantime are skipped.
/// </summary>
/// <param name="output">The output root.</param>
/// <param name="settings">Names of stage and active files.</param>
/// <param name="order">Which of two partitions is the later one.</param>
/// <param name="promoteOptions">Options that a <c>promote</c> command needs to reach the output, as
/// words of a shell; null for none.</param>
/// <param name="observer">Receives a warning for each entry that is not a file; may be
/// null.</param>
public sealed class StageInventory(
    IObjectStore output, OutputSettings settings, IPartitionOrder order, IReadOnlyList<string>? promoteOptions = null,
    IRunObserver? observer = null)
{
    /// <summary>Most lookups of metadata that run at the same time.</summary>
    public const int AtOnce = 32;

    private const int MostNamed = 5;
    private const string AllowOlder = "--allow-older";

    private readonly OutputLayout _layout = new(settings);
    private readonly PromoteStep _active = new(output, settings, order);

    /// <summary>The file that readers see now; null when there is none.</summary>
    /// <exception cref="ConfigurationException">It may not be read.</exception>
    /// <exception cref="TransientException">The store fails temporarily.</exception>
    public Task<ActiveFile?> ReadActiveAsync(CancellationToken cancellationToken) => _active.ReadActiveAsync(cancellationToken);

    /// <summary>Lists the files and compares them with the active one.</summary>
    /// <param name="guards">What a promotion would have to pass.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ConfigurationException">
    /// The root does not exist or may not be read.
    /// </exception>
    /// <exception cref="TransientException">The store fails temporarily.</exception>
    public async Task<StageListing> ReadAsync(PublishGuards guards, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(guards);
        var entries = await FindAsync(cancellationToken).ConfigureAwait(false);

        // After the files, so that one that becomes active while they are listed is shown as
        // active.
        var active = await ReadActiveAsync(cancellationToken).ConfigureAwait(false);
        var compared = new StageEntry[entries.Count];
        long? before = null;
        for (var i = entries.Count - 1; i >= 0; i--)
        {
            var change = IdChange.Percent(before, entries[i].Metadata?.TotalIds);
            compared[i] = Compare(entries[i], active, guards) with { ChangePercent = change };
            before = entries[i].Metadata?.TotalIds ?? before;
        }

        return new StageListing { Output = output.Describe(""), Active = active, Entries = compared, Previous = LatestOlder(compared) };
    }

    /// <summary>The files with their metadata, latest first.</summary>
    internal async Task<IReadOnlyList<StageEntry>> FindAsync(CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        var odd = new List<ObjectInfo>();
        var found = new ConcurrentBag<StageEntry>();
        var items = output.ListWithOddAsync(_layout.StagePrefix, _layout.StageDepth, cancellationToken);
        await foreach (var item in items.ConfigureAwait(false))
        {
            switch (_layout.IsStage(item.Key), item.MetadataProblem)
            {
                case (true, null):
                    keys.Add(item.Key);
                    break;
                case (true, not null):
                    found.Add(Describe(item));
                    break;
                case (false, not null):
                    odd.Add(item);
                    break;
            }
        }

        Warn(odd);
        await ConcurrentWork.ForAsync(keys.Count, AtOnce, async (i, cancel) =>
        {
            if (await output.HeadAsync(keys[i], cancel).ConfigureAwait(false) is { } head)
                found.Add(Describe(head));
        }, cancellationToken).ConfigureAwait(false);
        return [.. found.OrderByDescending(entry => entry.Created).ThenByDescending(entry => entry.Object.Key, StringComparer.Ordinal)];
    }

    private void Warn(List<ObjectInfo> odd)
    {
        foreach (var item in odd.Take(MostNamed))
            observer?.Warn($"Skipped {output.Describe(item.Key)}: {item.MetadataProblem!.Problem}");
        if (odd.Count > MostNamed)
            observer?.Warn($"Skipped {odd.Count - MostNamed} more such entries in {output.Describe(_layout.StagePrefix)}");
    }

    private StageEntry Describe(ObjectInfo found)
    {
        var name = output.Describe(found.Key);
        if (found is { Size: 0, MetadataProblem: null })
            return Unusable("The file is empty");
        try
        {
            var metadata = PublishMetadata.Parse(found.Metadata, name);
            return new StageEntry { Object = found, Name = name, Metadata = metadata, Created = metadata.CreatedAt };
        }
        catch (VerificationException error)
        {
            return Unusable(found.MetadataProblem?.Problem ?? error.Message);
        }

        StageEntry Unusable(string reason) => new()
        {
            Object = found,
            Name = name,
            Created = found.LastModified,
            State = StageState.Unusable,
            Reason = reason,
        };
    }

    private StageEntry Compare(StageEntry entry, ActiveFile? active, PublishGuards guards)
    {
        if (entry.Metadata is not { } metadata)
            return entry;
        if (active is not null && entry.IsSourceOf(active))
            return entry with { State = StageState.Active };
        var (state, reason) = active switch
        {
            null => (StageState.NotPromoted, "There is no active file"),
            { Metadata: null } => (StageState.NotComparable, "The metadata of the active file cannot be used"),
            { Metadata: { } current } => PromotionGuards.IsOlder(metadata, current, order) switch
            {
                true => (StageState.Older, $"It is older than the active file, so that going back takes {AllowOlder}"),
                false => (StageState.NotPromoted,
                    "The guards that are given here pass it: its run ended before, or an older file was promoted since"),
                null => (StageState.NotComparable, "Its partition cannot be compared with that of the active file"),
            },
        };
        try
        {
            PromotionGuards.Check(
                metadata, active, guards with { AllowOlder = state != StageState.NotPromoted || guards.AllowOlder }, order);
        }
        catch (GuardException stopped)
        {
            reason = (stopped.Place.Expected, stopped.Place.Actual) is ({ } expected, { } actual)
                ? $"{stopped.Message}: expected {expected}, found {actual}" : stopped.Message;
        }

        var passed = PromotionGuards.PassedBy(metadata, active, guards, order);
        var command = PromoteCommandLine.Of(output.Describe(""), entry.Object.Key, settings, passed, promoteOptions ?? []);
        return entry with { State = state, Reason = reason, PromoteCommand = command };
    }

    /// <summary>
    /// Of the files that are older than the active one, the one that no other of them is newer
    /// than.
    /// </summary>
    private StageEntry? LatestOlder(IReadOnlyList<StageEntry> entries)
    {
        StageEntry? latest = null;
        foreach (var entry in entries)
        {
            if (entry is { State: StageState.Older, Metadata: { } metadata }
                && (latest is null || PromotionGuards.IsOlder(latest.Metadata!, metadata, order) == true))
                latest = entry;
        }

        return latest;
    }
}
