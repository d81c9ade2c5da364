namespace IdExtractor.Aws.S3;

/// <summary>What requests carry where the endpoint knows it, and go without where it does not. What is not here is never left out.</summary>
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

    /// <summary>Everything.</summary>
    All = Checksum | FreeKey | Destination,
}
