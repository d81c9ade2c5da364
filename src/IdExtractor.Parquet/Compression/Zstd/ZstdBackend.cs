namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>What decodes Zstandard pages in this process.</summary>
public enum ZstdBackend
{
    /// <summary>Nothing: the environment demands libzstd where it is absent, or something that is not known.</summary>
    None,

    /// <summary>The decoder of this program.</summary>
    Managed,

    /// <summary>libzstd.</summary>
    Native,
}
