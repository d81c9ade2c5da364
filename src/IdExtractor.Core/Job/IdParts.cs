using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Job;

/// <summary>
/// Ids that another engine wrote, as <c>publish</c> finds them: text parts, Parquet parts, or both.
/// </summary>
public sealed record IdParts
{
    /// <summary>The folder or file, for messages.</summary>
    public required string Name { get; init; }

    /// <summary>The column of the ids in CSV parts.</summary>
    public required string IdColumn { get; init; }

    /// <summary>Text files, in ordinal order of their keys.</summary>
    public required IReadOnlyList<TextPart> Texts { get; init; }

    /// <summary>Parquet files; their key column is the id column.</summary>
    public required IReadOnlyList<PlannedFile> Tables { get; init; }

    /// <summary>What was skipped, and why.</summary>
    public required IReadOnlyList<SkippedItem> Skipped { get; init; }
}

/// <summary>One pinned text file: separated values with a header, or one id per line.</summary>
/// <param name="Store">Where it is.</param>
/// <param name="Object">Key, size and the stamp that every read must find.</param>
/// <param name="Name">As it appears in messages: full path or URI.</param>
/// <param name="IsCsv">The file has columns, and its first record names them.</param>
public sealed record TextPart(IObjectStore Store, ObjectInfo Object, string Name, bool IsCsv);
