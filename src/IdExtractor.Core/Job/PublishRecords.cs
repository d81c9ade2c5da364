using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Job;

/// <summary>The input of the stage step, apart from the IDs.</summary>
public sealed record StageRequest
{
    /// <summary>The partition that the IDs come from.</summary>
    public required string SourcePartition { get; init; }

    /// <summary>
    /// Names this run in metadata and, when the usual name is taken, in the stage file's name:
    /// ASCII letters, digits, <c>-</c> and <c>_</c>.
    /// </summary>
    public required string RunId { get; init; }

    /// <summary>What stages the file.</summary>
    public required string ToolVersion { get; init; }

    /// <summary>The same for the same input and options; null when the run has none.</summary>
    public string? InputFingerprint { get; init; }

    /// <summary>
    /// The phases before this one and how long they took; null when they were not measured.
    /// </summary>
    public IReadOnlyList<(RunPhase Phase, TimeSpan Elapsed)>? Phases { get; init; }
}

/// <summary>A file that was staged and not yet read back.</summary>
/// <param name="Object">As stored.</param>
/// <param name="Metadata">As meant.</param>
/// <param name="TextBytes">Bytes of the uncompressed text.</param>
/// <param name="Remains">What crashed runs had left, and was found on the way.</param>
public sealed record StagedFile(ObjectInfo Object, PublishMetadata Metadata, long TextBytes, Remains Remains);

/// <summary>
/// A stage or active file whose bytes were read back and agree with its metadata. Only such a file
/// is promoted.
/// </summary>
/// <param name="Object">The version that was read; its metadata are as the store keeps them,
/// unknown names included.</param>
/// <param name="Metadata">The metadata, typed.</param>
/// <param name="TextBytes">Bytes of the uncompressed text.</param>
/// <param name="Sha256">SHA-256 of the compressed bytes as they were read, lower-case hex.</param>
public sealed record VerifiedFile(ObjectInfo Object, PublishMetadata Metadata, long TextBytes, string Sha256);

/// <summary>The file that readers see now.</summary>
/// <param name="Object">As stored.</param>
/// <param name="Name">Full path or URI.</param>
/// <param name="Metadata">
/// Its metadata; null when missing, damaged or in another form, as in a file that was uploaded by
/// hand.
/// </param>
public sealed record ActiveFile(ObjectInfo Object, string Name, PublishMetadata? Metadata)
{
    /// <summary>Why <see cref="Metadata"/> is null.</summary>
    public MetadataProblem? Problem { get; init; }

    /// <summary>
    /// Whether it was made from this partition and this input already (<c>--skip-if-current</c>).
    /// </summary>
    public bool IsMadeFrom(string sourcePartition, string inputFingerprint) =>
        Metadata is { } metadata && metadata.SourcePartition == sourcePartition && metadata.InputFingerprint == inputFingerprint;
}

/// <summary>How a promotion went.</summary>
/// <param name="Active">The promoted file as the store reports it.</param>
/// <param name="Replaced">What was active before; null for the first file.</param>
/// <param name="SupersededBy">A file of another run that has replaced the promoted one since; null
/// when it is still there.</param>
public sealed record Promotion(ActiveFile Active, ActiveFile? Replaced, ActiveFile? SupersededBy)
{
    /// <summary>
    /// What went wrong after the file had become active, as a sentence without a full stop; null
    /// when nothing did.
    /// </summary>
    public string? Doubt { get; init; }
}
