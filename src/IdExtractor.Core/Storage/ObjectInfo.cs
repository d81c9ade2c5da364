namespace IdExtractor.Core.Storage;

/// <summary>One object as a store lists or heads it.</summary>
/// <param name="Key">Key below the store's root, with <c>/</c> between parts and no leading
/// <c>/</c>.</param>
/// <param name="Size">Bytes, 0 or more.</param>
/// <param name="Stamp">The version that was seen.</param>
/// <param name="LastModified">UTC.</param>
public sealed record ObjectInfo(string Key, long Size, ObjectStamp Stamp, DateTimeOffset LastModified)
{
    /// <summary>
    /// User metadata, names in lower case. Empty for listings, which do not carry it.
    /// </summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = EmptyMetadata;

    /// <summary>
    /// Why the store cannot give metadata for this object; null when it gives them, or when nothing
    /// is known of it.
    /// </summary>
    public MetadataProblem? MetadataProblem { get; init; }

    /// <summary>An object without metadata.</summary>
    public static IReadOnlyDictionary<string, string> EmptyMetadata { get; } = new Dictionary<string, string>();
}

/// <summary>What is wrong with the metadata of an object that is there.</summary>
/// <param name="Problem">As a sentence without a full stop.</param>
public sealed record MetadataProblem(string Problem)
{
    /// <summary>What was expected; null when the sentence says it all.</summary>
    public string? Expected { get; init; }

    /// <summary>What is there instead.</summary>
    public string? Actual { get; init; }
}
