namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>The decoder of Zstandard pages in this process.</summary>
public enum ZstdBackend
{
    /// <summary>
    /// None: the environment requires libzstd where it is absent, or names an unknown backend.
    /// </summary>
    None,

    /// <summary>This program's own decoder.</summary>
    Managed,

    /// <summary>libzstd.</summary>
    Native,
}
