namespace IdExtractor.Core.Pipeline;

/// <summary>How one <c>source_partition</c> stands to another, for "older never replaces newer" (spec section 6).</summary>
public enum PartitionRelation
{
    /// <summary>Texts, different keys, or a table with partitions against one without: nothing can be said.</summary>
    Incomparable,

    /// <summary>The first is older.</summary>
    Older,

    /// <summary>Both are the same. Two tables without partitions are the same too, though a later run is newer (spec section 11).</summary>
    Equal,

    /// <summary>The first is newer.</summary>
    Newer,
}
