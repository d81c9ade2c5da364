using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Promote;

/// <summary>
/// Step nine: makes a verified file the active one by a copy inside the store. The copy demands the
/// stage file that was verified and the active file that the guards were checked against; when
/// another run was faster, the guards are checked again with its file. A reply that got lost is
/// settled by looking. Once the file is active, the step does not fail any more: what cannot be
/// confirmed then is reported as <see cref="Promotion.Doubt"/>.
/// </summary>
/// <param name="output">The output root.</param>
/// <param name="settings">Names.</param>
/// <param name="order">Which partition is the later one.</param>
/// <param name="compared">Takes the active file before each check of the guards; null when there is
/// none.</param>
internal sealed class PromoteStep(IObjectStore output, OutputSettings settings, IPartitionOrder order, Action<ActiveFile?>? compared = null)
{
    private const int Attempts = 10;
    private const int DamagedCopies = 2;
    private const string ContentType = "application/gzip";

    private readonly OutputLayout _layout = new(settings);

    /// <summary>The file that readers see now; null when there is none.</summary>
    /// <exception cref="ConfigurationException">It may not be read.</exception>
    /// <exception cref="TransientException">The store fails temporarily.</exception>
    public async Task<ActiveFile?> ReadActiveAsync(CancellationToken cancellationToken = default) =>
        await output.HeadAsync(_layout.ActiveKey, cancellationToken).ConfigureAwait(false) is { } found ? Describe(found) : null;

    /// <summary>
    /// Makes a file the active one, or leaves the active file as it is and says why.
    /// </summary>
    /// <param name="candidate">As the verify step returned it; the file must not be the active one
    /// itself.</param>
    /// <param name="guards">What must hold.</param>
    /// <param name="cancellationToken">Observed until the copy begins to take effect.</param>
    /// <exception cref="GuardException">
    /// A guard fails, or another run has promoted a newer file in the meantime.
    /// </exception>
    /// <exception cref="VerificationException">
    /// The copy differs from what was verified. This is found before the copy becomes active where
    /// the store can check, and afterwards otherwise.
    /// </exception>
    /// <exception cref="TransientException">
    /// The store fails temporarily, or its disk is full; the stage file changed after it was
    /// verified; or other runs kept replacing the active file.
    /// </exception>
    public async Task<Promotion> RunAsync(VerifiedFile candidate, PublishGuards guards, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        if (candidate.Object.Key == _layout.ActiveKey)
            throw new UsageException("The active file cannot be promoted", "name a stage file");
        var damaged = 0;
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var active = await ReadActiveAsync(cancellationToken).ConfigureAwait(false);
            compared?.Invoke(active);
            PromotionGuards.Check(candidate.Metadata, active, guards, order);
            var copied = await TryCopyAsync(candidate, active, cancellationToken).ConfigureAwait(false);
            if (!copied.IsDone || await ConfirmAsync(candidate, active, cancellationToken).ConfigureAwait(false) is not { } promotion)
                continue;
            if (promotion.SupersededBy is not null || promotion.Doubt is not null)
                return promotion with { Doubt = copied.Doubt ?? promotion.Doubt };
            var (isCopy, doubt) = await CompareAsync(candidate, promotion.Active, cancellationToken).ConfigureAwait(false);
            if (isCopy)
                return promotion with { Doubt = copied.Doubt ?? doubt };

            // Readers see the damage, so the copy is made again at once; the stage file is known to
            // be whole.
            if (++damaged == DamagedCopies)
                throw Damaged(candidate);
        }

        throw new TransientException(
            "Other runs keep replacing the active file", ErrorPlace.Of(output.Describe(_layout.ActiveKey)),
            "run again when they have finished");
    }

    private static bool IsSame(VerifiedFile candidate, ActiveFile? active) =>
        active is not null
        && active.Object.Size == candidate.Object.Size
        && PublishMetadata.NamesThatDiffer(candidate.Object.Metadata, active.Object.Metadata).Count == 0;

    private ActiveFile Describe(ObjectInfo found)
    {
        var name = output.Describe(found.Key);
        try
        {
            return new ActiveFile(found, name, PublishMetadata.Parse(found.Metadata, name));
        }
        catch (VerificationException error)
        {
            return new ActiveFile(found, name, null)
            {
                Problem = found.MetadataProblem
                    ?? new MetadataProblem(error.Message) { Expected = error.Place.Expected, Actual = error.Place.Actual },
            };
        }
    }

    private static Copied Done(string? doubt = null) => new(true, doubt);

    // Not done when another run has replaced the active file since the guards were checked.
    private async Task<Copied> TryCopyAsync(VerifiedFile candidate, ActiveFile? active, CancellationToken cancellationToken)
    {
        var options = new CopyOptions
        {
            ContentType = ContentType,
            Metadata = candidate.Object.Metadata,
            ExpectedDestination = active is null ? Destination.Absent : new Destination(active.Object.Stamp),
            ExpectedSha256 = candidate.Sha256,
        };
        try
        {
            await output.CopyAsync(
                candidate.Object.Key, candidate.Object.Stamp, _layout.ActiveKey, options, cancellationToken).ConfigureAwait(false);
            return Done();
        }
        catch (ObjectChangedException)
        {
            // The store may have tried twice by itself, and so have met its own first copy.
            if (IsSame(candidate, await ReadActiveAsync(cancellationToken).ConfigureAwait(false)))
                return Done();
            await output.EnsureUnchangedAsync(candidate.Object, cancellationToken).ConfigureAwait(false);
            return default;
        }
        catch (IdExtractorException error) when (
            error is TransientException or ConfigurationException && !cancellationToken.IsCancellationRequested)
        {
            // The request may have been carried out although no reply came.
            if (!await IsActiveAsync(candidate, cancellationToken).ConfigureAwait(false))
                throw;
            return Done($"The store reported an error, but the file is active ({error.ToLine()})");
        }
    }

    private async Task<bool> IsActiveAsync(VerifiedFile candidate, CancellationToken cancellationToken)
    {
        try
        {
            return IsSame(candidate, await ReadActiveAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (IdExtractorException error) when (error is TransientException or ConfigurationException)
        {
            // The look found nothing out; the error of the copy is the one to report.
            return false;
        }
    }

    // Null when the copy has to be made again: a store without conditions let an older run
    // overwrite it.
    private async Task<Promotion?> ConfirmAsync(VerifiedFile candidate, ActiveFile? replaced, CancellationToken cancellationToken)
    {
        ActiveFile? now;
        try
        {
            now = await ReadActiveAsync(cancellationToken).ConfigureAwait(false);

            // A single failed comparison must not report a good file as damaged.
            if (!IsSame(candidate, now))
                now = await ReadActiveAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TransientException or ConfigurationException or OperationCanceledException)
        {
            return new Promotion(Promoted(candidate), replaced,
                null)
            { Doubt = $"The file is active, but could not be looked at afterwards ({CauseOf(error)})" };
        }

        if (now is not null && IsSame(candidate, now))
            return new Promotion(now, replaced, null);
        if (now?.Metadata is not { } current || IsOfTheSameRun(candidate.Metadata, current))
            throw Differs(candidate, now);
        if (PromotionGuards.IsOlder(current, candidate.Metadata, order) == true)
            return null;
        return new Promotion(Promoted(candidate), replaced, now);
    }

    // A store that does not answer leaves a doubt: the file is active, and everything but its bytes
    // has been compared.
    private async Task<(bool IsCopy, string? Doubt)> CompareAsync(
        VerifiedFile candidate, ActiveFile active, CancellationToken cancellationToken)
    {
        try
        {
            return (await output.IsCopyAsync(candidate.Object, active.Object, cancellationToken).ConfigureAwait(false), null);
        }
        catch (Exception error) when (error is TransientException or ConfigurationException or OperationCanceledException)
        {
            return (true, $"The file is active, but its bytes could not be compared with those of the stage file ({CauseOf(error)})");
        }
    }

    private static string CauseOf(Exception error) => error is IdExtractorException known ? known.ToLine() : "the run was cancelled";

    private ActiveFile Promoted(VerifiedFile candidate) =>
        new(candidate.Object with { Key = _layout.ActiveKey }, output.Describe(_layout.ActiveKey), candidate.Metadata);

    private static bool IsOfTheSameRun(PublishMetadata candidate, PublishMetadata current) =>
        candidate.RunId == current.RunId
            && candidate.CreatedAt == current.CreatedAt
            && candidate.SourcePartition == current.SourcePartition;

    private VerificationException Damaged(VerifiedFile candidate) => new(
        "The active file does not hold the bytes of the stage file: the store copied them wrongly",
        new ErrorPlace
        {
            Object = output.Describe(_layout.ActiveKey),
            Expected = $"the bytes of {candidate.Object.Key}",
            Actual = "other bytes of the same size"
        },
        "check the store, then promote this stage file, or an earlier one, again");

    private VerificationException Differs(VerifiedFile candidate, ActiveFile? now)
    {
        var names = now is null ? [] : PublishMetadata.NamesThatDiffer(candidate.Object.Metadata, now.Object.Metadata);
        return new VerificationException(
            "The active file is not what was promoted",
            new ErrorPlace
            {
                Object = output.Describe(_layout.ActiveKey),
                Expected = $"{candidate.Object.Size} bytes and the metadata of {candidate.Object.Key}",
                Actual = now is null ? "no file"
                    : now.Object.MetadataProblem is { } problem ? $"{problem.Actual ?? problem.Problem}"
                    : $"{now.Object.Size} bytes, other values of [{string.Join(", ", names)}]",
            },
            "promote the stage file again");
    }

    /// <summary>How a copy ended.</summary>
    /// <param name="IsDone">The file is active.</param>
    /// <param name="Doubt">What was reported all the same.</param>
    private readonly record struct Copied(bool IsDone, string? Doubt);
}
