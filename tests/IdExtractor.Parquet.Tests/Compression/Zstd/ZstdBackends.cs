using IdExtractor.Parquet.Compression;
using IdExtractor.Parquet.Compression.Zstd;

namespace IdExtractor.Parquet.Tests.Compression.Zstd;

/// <summary>Pages by the C# translation of the library.</summary>
internal static class ManagedZstd
{
    public static DecodeStatus Decode(ReadOnlySpan<byte> source, Span<byte> destination) =>
        ZstdPageDecoder.Decode(CodecBackend.Managed, source, destination);
}

/// <summary>Pages by libzstd.</summary>
internal static class NativeZstd
{
    public static DecodeStatus Decode(ReadOnlySpan<byte> source, Span<byte> destination) =>
        ZstdPageDecoder.Decode(CodecBackend.Native, source, destination);
}
