using IdExtractor.Core.Catalog;
using IdExtractor.Core.Job;
using IdExtractor.Core.Promote;
using IdExtractor.Core.Report;
using IdExtractor.Core.Stage;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Verify;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Pipeline;

/// <summary>
/// The second half of a run, the same for <c>extract</c> and <c>publish</c>: stage, verify,
/// promote.
/// </summary>
internal sealed class Publication
{
    private readonly PipelineServices _services;
    private readonly IObjectStore _output;
    private readonly OutputLayout _layout;
    private readonly StageStep _stage;
    private readonly VerifyStep _verify;
    private readonly PromoteStep _promote;
    private readonly OutputSettings _settings;
    private readonly OrderOfTable _order = new();
    private ActiveFile? _compared;

    /// <summary>Checks the names of what will be written.</summary>
    /// <exception cref="UsageException">A key cannot be used.</exception>
    public Publication(PipelineServices services, IObjectStore output, OutputSettings settings, int threads)
    {
        (_services, _output, _settings) = (services, output, settings);
        _layout = new OutputLayout(settings);
        _stage = new StageStep(output, settings, services.Clock, threads);
        _verify = new VerifyStep(output, threads);
        _promote = new PromoteStep(output, settings, _order, ReportPrevious);
    }

    /// <summary>Which of two partitions is later; set once the table is known.</summary>
    public IPartitionOrder Order
    {
        set => _order.Known = value;
    }

    /// <summary>
    /// Full paths or URIs of what will be written, with <c>/</c> between their parts.
    /// </summary>
    public IReadOnlyList<string> Writes =>
        [.. new[] { _layout.ActiveKey, _layout.StageKey(_services.Clock.GetUtcNow()) }.Select(key => _output.Describe(key)
            .Replace(Path.DirectorySeparatorChar, '/'))];

    /// <summary>
    /// Finds out, before any work is done, whether stage and active files could be written. Leaves
    /// nothing behind.
    /// </summary>
    /// <exception cref="ConfigurationException">They could not.</exception>
    public async Task EnsureWritableAsync(CancellationToken cancellationToken)
    {
        await _output.EnsureWritableAsync(_layout.StageKey(_services.Clock.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        await _output.EnsureCopyTargetAsync(_layout.ActiveKey, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The active file, when it was made from this partition and input already; null otherwise.
    /// </summary>
    public async Task<RunResult?> FindCurrentAsync(string sourcePartition, string fingerprint, CancellationToken cancellationToken)
    {
        var active = await _promote.ReadActiveAsync(cancellationToken).ConfigureAwait(false);
        if (active?.Metadata is not { } metadata || !active.IsMadeFrom(sourcePartition, fingerprint))
            return null;
        _services.Observer.Note("promote.current", new RunField("source_partition", sourcePartition));
        return new RunResult
        {
            Outcome = RunOutcome.Current,
            File = Facts(active.Object, metadata, _output.Describe(_layout.ActiveKey), stage: null)
        };
    }

    /// <summary>Writes the ids to a stage file.</summary>
    public async Task<StagedFile> StageAsync(ISortedIds ids, StageRequest request, CancellationToken cancellationToken)
    {
        var staged = await _stage.RunAsync(ids, request, cancellationToken).ConfigureAwait(false);
        var observer = _services.Observer;
        observer.Counted(RunCount.DistinctIds, staged.Metadata.TotalIds);
        observer.Counted(RunCount.TextBytes, staged.TextBytes);
        observer.Counted(RunCount.GzipBytes, staged.Object.Size);
        observer.Counted(RunCount.RemainsRemoved, staged.Remains.Removed);
        observer.Counted(RunCount.RemainsLeft, staged.Remains.Left);
        if (staged.Remains != default)
            observer.Note("stage.remains", new RunField("removed", staged.Remains.Removed), new RunField("left", staged.Remains.Left));
        return staged;
    }

    /// <summary>Reads a file that this run has staged back and checks it.</summary>
    public Task<VerifiedFile> VerifyAsync(StagedFile staged, CancellationToken cancellationToken) =>
        _verify.RunAsync(staged, cancellationToken);

    /// <summary>Reads a file back and checks it against its metadata.</summary>
    public Task<VerifiedFile> VerifyAsync(string key, CancellationToken cancellationToken) => _verify.RunAsync(key, cancellationToken);

    /// <summary>Makes a verified file the active one when the guards allow it.</summary>
    /// <param name="verified">The stage file.</param>
    /// <param name="guards">What must hold.</param>
    /// <param name="isOfThisRun">This run has staged it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="GuardException">A guard refuses; the stage file is kept, and the advice
    /// names the command that publishes it.</exception>
    public async Task<Promotion> PromoteAsync(
        VerifiedFile verified, PublishGuards guards, bool isOfThisRun, CancellationToken cancellationToken)
    {
        try
        {
            return await _promote.RunAsync(verified, guards, cancellationToken).ConfigureAwait(false);
        }
        catch (GuardException error)
        {
            // In the order of promote, which does not know the table.
            var passed = PromotionGuards.PassedBy(verified.Metadata, _compared, guards, SourcePartition.Order);
            var command = PromoteCommandLine.Of(
                _output.Describe(""), verified.Object.Key, _settings, passed, _services.PromoteOptions);
            _services.Observer.Note(
                RunEvents.StageKept, new RunField("stage", _output.Describe(verified.Object.Key)),
                new RunField(RunEvents.PromoteCommand, command));
            throw error.With(
                isOfThisRun
                    ? $"{error.Advice}; the stage file is kept: if it is right, publish it with: {command}"
                    : $"{error.Advice}: {command}");
        }
    }

    /// <summary>What a promotion came to, for the report.</summary>
    public RunResult Report(VerifiedFile verified, Promotion promotion)
    {
        var observer = _services.Observer;
        if (promotion.Replaced is { Metadata: null } unknown)
            observer.Warn(
                $"The file that was replaced had no usable metadata, so that neither age nor drop could be checked: {unknown.Name}");
        if (promotion.Doubt is { } doubt)
            observer.Warn(doubt);
        if (promotion.SupersededBy is not null)
            observer.Warn("Another run has replaced the file since it was promoted");
        return new RunResult
        {
            Outcome = RunOutcome.Published,
            Checks = VerifyStep.ChecksOf(verified.Metadata),
            File = Facts(
                promotion.Active.Object, verified.Metadata, _output.Describe(_layout.ActiveKey), _output.Describe(verified.Object.Key)),
        };
    }

    /// <summary>
    /// Before the guards are checked: the report of a run that one of them stops needs the number
    /// most.
    /// </summary>
    private void ReportPrevious(ActiveFile? active)
    {
        _compared = active;
        if (active?.Metadata is { } before)
        {
            _services.Observer.Counted(RunCount.PreviousIds, before.TotalIds);
            _services.Observer.PreviousFound(new PreviousFile(before.SourcePartition, before.TotalIds, before.CreatedAt));
        }
    }

    /// <summary>What a file holds, by its metadata.</summary>
    public static OutputFacts Facts(ObjectInfo file, PublishMetadata metadata, string? active, string? stage) => new()
    {
        SourcePartition = metadata.SourcePartition,
        TotalIds = metadata.TotalIds,
        Md5Checksum = metadata.Md5Checksum,
        GzSha256 = metadata.GzSha256,
        GzipBytes = file.Size,
        Active = active,
        Stage = stage,
    };

    /// <summary>
    /// The order of the table that a run reads, which is known later than the output.
    /// </summary>
    private sealed class OrderOfTable : IPartitionOrder
    {
        public IPartitionOrder Known { get; set; } = SourcePartition.Order;

        public int? Compare(string left, string right) => Known.Compare(left, right);
    }
}
