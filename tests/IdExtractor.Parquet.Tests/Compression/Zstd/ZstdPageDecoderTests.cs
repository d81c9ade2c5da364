using IdExtractor.Parquet.Compression;
using IdExtractor.Parquet.Compression.Zstd;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Compression.Zstd;

public sealed class ZstdPageDecoderTests
{
    [Fact]
    public void Decode_NoBackend_IsUnsupported() =>
        Assert.Equal(
            DecodeStatus.Unsupported,
            ZstdPageDecoder.Decode(CodecBackend.None, ZstdVectors.All[0].Frame, new byte[ZstdVectors.All[0].Content.Length]));

    [LibzstdFact]
    public void Decode_Native_GivesTheVectors()
    {
        foreach (var vector in ZstdVectors.All)
        {
            var output = new byte[vector.Content.Length];
            Assert.Equal(DecodeStatus.Ok, ZstdPageDecoder.Decode(CodecBackend.Native, vector.Frame, output));
            Assert.Equal(vector.Content, output);
        }
    }

    [LibzstdFact]
    public void Instance_LibraryPresent_IsOfAKnownVersion() => Assert.InRange(ZstdLibrary.Instance!.Version, 10_301u, 99_999u);

    [Fact]
    public void Load_NoSuchLibrary_IsNull() => Assert.Null(ZstdLibrary.Load(["no-such-library.so.7"]));

    [Fact]
    public void Load_LibraryWithoutTheFunctions_IsNull()
    {
        if (OperatingSystem.IsLinux())
            Assert.Null(ZstdLibrary.Load(["libc.so.6"]));
    }
}
