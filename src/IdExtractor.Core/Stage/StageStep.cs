using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Stage;

/// <summary>
/// Step seven: writes the IDs as one gzipped text file under a new name in the output root
/// (specification, section 6). Nothing is promoted yet.
/// </summary>
/// <param name="output">The output root.</param>
/// <param name="settings">Names, newline and compression.</param>
/// <param name="clock">Dates the file.</param>
/// <param name="threads">Threads that compress, 1 or more. They decide how long it takes, not which
/// bytes come out.</param>
internal sealed class StageStep(IObjectStore output, OutputSettings settings, TimeProvider clock, int threads = 1)
{
    /// <summary>MIME type of stage and active files.</summary>
    public const string ContentType = "application/gzip";

    private readonly OutputLayout _layout = new(settings);

    /// <summary>
    /// Stages the IDs. First removes the leftovers of crashed runs from the folders of stage and
    /// active files.
    /// </summary>
    /// <param name="ids">Read to the end, not disposed.</param>
    /// <param name="request">Recorded in the metadata.</param>
    /// <param name="cancellationToken">Leaves nothing behind.</param>
    /// <exception cref="InputDataException">An ID is empty or holds a line break.</exception>
    /// <exception cref="ConfigurationException">The root cannot be written to.</exception>
    /// <exception cref="TransientException">
    /// The store fails temporarily, or its disk is full.
    /// </exception>
    public async Task<StagedFile> RunAsync(ISortedIds ids, StageRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var started = clock.GetTimestamp();
        var remains = default(Remains);
        foreach (var folder in _layout.Folders)
            remains += await output.RemoveAbandonedAsync(folder, _layout.IsOurs, cancellationToken).ConfigureAwait(false);

        var now = clock.GetUtcNow();
        var writer = await BeginAsync(now, request.RunId, cancellationToken).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            var text = new IdText(ids, settings.TrailingNewline);
            var gzip = await new GzipPipe(text, writer, settings.GzipLevel, threads).RunAsync(cancellationToken).ConfigureAwait(false);
            var metadata = new PublishMetadata
            {
                TotalIds = text.Count,
                Md5Checksum = gzip.TextMd5,
                CreatedAt = now.AddTicks(-(now.UtcTicks % TimeSpan.TicksPerSecond)),
                SourcePartition = request.SourcePartition,
                GzSha256 = gzip.Sha256,
                RunId = request.RunId,
                ToolVersion = request.ToolVersion,
                TrailingNewline = settings.TrailingNewline,
                InputFingerprint = request.InputFingerprint,
                PhaseSeconds = request.Phases is { } earlier
                    ? PhaseSeconds.Format([.. earlier, (RunPhase.Stage, clock.GetElapsedTime(started))])
                    : null,
            };
            var stored = await writer.CompleteAsync(metadata.ToMap(), cancellationToken).ConfigureAwait(false);
            return new StagedFile(stored, metadata, text.Bytes, remains);
        }
    }

    private async Task<IObjectWriter> BeginAsync(DateTimeOffset now, string runId, CancellationToken cancellationToken)
    {
        var options = new WriteOptions { ContentType = ContentType, OnlyIfAbsent = true };
        var key = _layout.StageKey(now);
        if (await output.HeadAsync(key, cancellationToken).ConfigureAwait(false) is null)
        {
            try
            {
                return await output.CreateAsync(
                    key, options with { KeyIfTaken = _layout.StageKey(now, runId) }, cancellationToken).ConfigureAwait(false);
            }
            catch (ObjectExistsException)
            {
                // A run of the same second was faster.
            }
        }

        return await output.CreateAsync(_layout.StageKey(now, runId), options, cancellationToken).ConfigureAwait(false);
    }
}
