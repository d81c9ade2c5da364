namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>
/// Zstandard pages, with libzstd where it is found and with <see cref="ManagedZstd"/> elsewhere.
/// </summary>
internal static class ZstdPageDecoder
{
    /// <summary>
    /// The environment variable that forces a backend, <c>managed</c> or <c>native</c>; read once.
    /// </summary>
    public const string Variable = "IDEXTRACTOR_ZSTD";

    private static readonly Lazy<ZstdBackend> Chosen =
        new(() => Choose(Environment.GetEnvironmentVariable(Variable), () => ZstdLibrary.Instance is not null));

    /// <summary>The backend in use.</summary>
    public static ZstdBackend Backend => Chosen.Value;

    /// <summary>Decodes a page body that must fill <paramref name="destination"/>.</summary>
    public static DecodeStatus Decode(ReadOnlySpan<byte> source, Span<byte> destination) => Decode(Backend, source, destination);

    /// <summary>
    /// As <see cref="Decode(ReadOnlySpan{byte}, Span{byte})"/>, with a backend of the caller's
    /// choice.
    /// </summary>
    internal static DecodeStatus Decode(ZstdBackend backend, ReadOnlySpan<byte> source, Span<byte> destination) => backend switch
    {
        ZstdBackend.Native => NativeZstd.Decode(source, destination),
        ZstdBackend.Managed => ManagedZstd.Decode(source, destination),
        _ => DecodeStatus.Unsupported,
    };

    /// <summary>
    /// The backend for a setting. A setting that cannot be met is never silently replaced by
    /// another.
    /// </summary>
    internal static ZstdBackend Choose(string? setting, Func<bool> isLibraryPresent) => setting switch
    {
        null or "" => isLibraryPresent() ? ZstdBackend.Native : ZstdBackend.Managed,
        "managed" => ZstdBackend.Managed,
        "native" when isLibraryPresent() => ZstdBackend.Native,
        _ => ZstdBackend.None,
    };
}
