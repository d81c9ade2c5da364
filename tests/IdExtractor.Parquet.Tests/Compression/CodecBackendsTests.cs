using IdExtractor.Parquet.Compression;
using Xunit;

namespace IdExtractor.Parquet.Tests.Compression;

public sealed class CodecBackendsTests
{
    [Theory]
    [InlineData(null, true, CodecBackend.Native)]
    [InlineData(null, false, CodecBackend.Managed)]
    [InlineData("", false, CodecBackend.Managed)]
    [InlineData("managed", true, CodecBackend.Managed)]
    [InlineData("managed", false, CodecBackend.Managed)]
    [InlineData("native", true, CodecBackend.Native)]
    [InlineData("native", false, CodecBackend.None)]
    [InlineData("fast", true, CodecBackend.None)]
    public void Choose_AnySetting_IsMetOrRefused(string? setting, bool isPresent, CodecBackend expected) =>
        Assert.Equal(expected, CodecBackends.Choose(setting, () => isPresent));

    [Fact]
    public void Choose_Managed_DoesNotLookForTheLibrary() =>
        Assert.Equal(CodecBackend.Managed, CodecBackends.Choose("managed", () => throw new InvalidOperationException("looked")));
}
