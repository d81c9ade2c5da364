namespace IdExtractor.Parquet.Compression.Deflate;

/// <summary>
/// Deflate streams (RFC 1951), with libdeflate where it is found and with
/// <see cref="InflateDecoder"/> elsewhere.
/// </summary>
/// <remarks>
/// What libdeflate rejects, the managed decoder decodes again: it states what is wrong. libdeflate
/// accepts a few streams that break the format (codes for symbols that no stream may use, which
/// then do not occur). What both accept has the same output.
/// </remarks>
internal static class Inflate
{
    /// <summary>
    /// The environment variable that forces a backend, <c>managed</c> or <c>native</c>; read once.
    /// </summary>
    public const string Variable = "IDEXTRACTOR_GZIP";

    private static readonly Lazy<CodecBackend> s_chosen =
        new(() => CodecBackends.Choose(Environment.GetEnvironmentVariable(Variable), () => DeflateLibrary.Instance is not null));

    /// <summary>The backend in use.</summary>
    public static CodecBackend Backend => s_chosen.Value;

    /// <summary>
    /// Decodes one stream to the start of <paramref name="destination"/>, which it need not fill.
    /// <paramref name="consumed"/> and <paramref name="written"/> are only meaningful when the
    /// result is <see cref="DecodeStatus.Ok"/>.
    /// </summary>
    /// <param name="backend">The backend; <see cref="CodecBackend.None"/> is unsupported.</param>
    /// <param name="source">The stream, and possibly more bytes after it.</param>
    /// <param name="destination">Room for the output.</param>
    /// <param name="consumed">Bytes of the stream.</param>
    /// <param name="written">Bytes of output.</param>
    public static DecodeStatus Decode(
        CodecBackend backend, ReadOnlySpan<byte> source, Span<byte> destination, out int consumed, out int written)
    {
        consumed = written = 0;
        if (backend == CodecBackend.None)
            return DecodeStatus.Unsupported;
        if (backend == CodecBackend.Native
            && DeflateLibrary.Instance is { } library
            && library.TryDecode(source, destination, out consumed, out written))
            return DecodeStatus.Ok;
        return InflateDecoder.Current.Decode(source, destination, out consumed, out written);
    }
}
