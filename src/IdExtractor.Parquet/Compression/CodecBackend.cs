namespace IdExtractor.Parquet.Compression;

/// <summary>What decodes the pages of a codec that has a native and a managed decoder.</summary>
public enum CodecBackend
{
    /// <summary>
    /// Nothing: the environment requires a native library where it is absent, or names an unknown
    /// backend.
    /// </summary>
    None,

    /// <summary>Managed code.</summary>
    Managed,

    /// <summary>A native library, linked into the program or found on the machine.</summary>
    Native,
}

/// <summary>The choice between the backends of a codec.</summary>
internal static class CodecBackends
{
    /// <summary>
    /// The backend for a setting: <c>managed</c>, <c>native</c>, or none. A setting that cannot be
    /// met is never silently replaced by another.
    /// </summary>
    public static CodecBackend Choose(string? setting, Func<bool> isLibraryPresent) => setting switch
    {
        null or "" => isLibraryPresent() ? CodecBackend.Native : CodecBackend.Managed,
        "managed" => CodecBackend.Managed,
        "native" when isLibraryPresent() => CodecBackend.Native,
        _ => CodecBackend.None,
    };
}
