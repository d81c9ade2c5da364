namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>
/// Zstandard pages, with libzstd where it is found and with <see cref="ZstdPort"/> elsewhere. Each
/// thread keeps a context per backend.
/// </summary>
internal static class ZstdPageDecoder
{
    /// <summary>
    /// The environment variable that forces a backend, <c>managed</c> or <c>native</c>; read once.
    /// </summary>
    public const string Variable = "IDEXTRACTOR_ZSTD";

    private static readonly Lazy<CodecBackend> s_chosen =
        new(() => CodecBackends.Choose(Environment.GetEnvironmentVariable(Variable), () => ZstdLibrary.Instance is not null));

    [ThreadStatic]
    private static ZstdContext? t_native;

    [ThreadStatic]
    private static ZstdContext? t_managed;

    /// <summary>The backend in use.</summary>
    public static CodecBackend Backend => s_chosen.Value;

    /// <summary>The functions of the backend in use; null when there is none.</summary>
    public static ZstdFunctions? Functions => FunctionsOf(Backend);

    /// <summary>Decodes a page body that must fill <paramref name="destination"/>.</summary>
    public static DecodeStatus Decode(ReadOnlySpan<byte> source, Span<byte> destination) => Decode(Backend, source, destination);

    /// <summary>
    /// As <see cref="Decode(ReadOnlySpan{byte}, Span{byte})"/>, with a backend of the caller's
    /// choice.
    /// </summary>
    /// <returns><see cref="DecodeStatus.Unsupported"/> where the backend is absent.</returns>
    internal static DecodeStatus Decode(CodecBackend backend, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (FunctionsOf(backend) is not { } functions)
            return DecodeStatus.Unsupported;
        ref var context = ref backend == CodecBackend.Native ? ref t_native : ref t_managed;
        return ZstdFrames.Decode(context ??= ZstdContext.Create(functions), source, destination);
    }

    /// <summary>The functions of a backend; null when it is absent.</summary>
    internal static ZstdFunctions? FunctionsOf(CodecBackend backend) => backend switch
    {
        CodecBackend.Native => ZstdLibrary.Instance,
        CodecBackend.Managed => ZstdPort.Instance,
        _ => null,
    };
}
