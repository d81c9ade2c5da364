namespace IdExtractor.Aws.S3;

/// <summary>
/// Features that requests use where the endpoint supports them and go without elsewhere. Features
/// not listed here are never omitted.
/// </summary>
[Flags]
internal enum RequestFeatures
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>CRC-32 of uploads and their parts.</summary>
    Checksum = 1,

    /// <summary>The condition that the key of an upload is free.</summary>
    FreeKey = 2,

    /// <summary>The condition on what a copy replaces.</summary>
    Destination = 4,

    /// <summary>The condition on what a deletion removes.</summary>
    Deletion = 8,

    /// <summary>Everything.</summary>
    All = Checksum | FreeKey | Destination | Deletion,
}
