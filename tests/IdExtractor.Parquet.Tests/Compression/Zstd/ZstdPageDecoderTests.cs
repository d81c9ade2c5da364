using IdExtractor.Parquet.Compression.Zstd;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Compression.Zstd;

public sealed class ZstdPageDecoderTests
{
    [Theory]
    [InlineData(null, true, ZstdBackend.Native)]
    [InlineData(null, false, ZstdBackend.Managed)]
    [InlineData("", false, ZstdBackend.Managed)]
    [InlineData("managed", true, ZstdBackend.Managed)]
    [InlineData("managed", false, ZstdBackend.Managed)]
    [InlineData("native", true, ZstdBackend.Native)]
    [InlineData("native", false, ZstdBackend.None)]
    [InlineData("fast", true, ZstdBackend.None)]
    public void Choose_AnySetting_IsMetOrRefused(string? setting, bool isPresent, ZstdBackend expected) =>
        Assert.Equal(expected, ZstdPageDecoder.Choose(setting, () => isPresent));

    [Fact]
    public void Choose_Managed_DoesNotLookForTheLibrary() =>
        Assert.Equal(ZstdBackend.Managed, ZstdPageDecoder.Choose("managed", () => throw new InvalidOperationException("looked")));

    [Fact]
    public void Decode_NoBackend_IsUnsupported() =>
        Assert.Equal(DecodeStatus.Unsupported, ZstdPageDecoder.Decode(ZstdBackend.None, ZstdVectors.All[0].Frame, new byte[ZstdVectors.All[0].Content.Length]));

    [LibzstdFact]
    public void Decode_Native_GivesTheVectors()
    {
        foreach (var vector in ZstdVectors.All)
        {
            var output = new byte[vector.Content.Length];
            Assert.Equal(DecodeStatus.Ok, ZstdPageDecoder.Decode(ZstdBackend.Native, vector.Frame, output));
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
