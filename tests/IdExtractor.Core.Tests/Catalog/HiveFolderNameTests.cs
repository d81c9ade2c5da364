using IdExtractor.Core.Catalog;
using IdExtractor.Core.Job;
using Xunit;

namespace IdExtractor.Core.Tests.Catalog;

public sealed class HiveFolderNameTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("2025-10-22 10%3A30%3A00", "2025-10-22 10:30:00")]
    [InlineData("2025-10-22%2010%3a00%3A00", "2025-10-22 10:00:00")]
    [InlineData("a+b", "a+b")]
    [InlineData("a%2Bb", "a+b")]
    [InlineData("a%2Fb%3Dc", "a/b=c")]
    [InlineData("100%", "100%")]
    [InlineData("100%2", "100%2")]
    [InlineData("%G1%1G%", "%G1%1G%")]
    [InlineData("%25%32%30", "%20")]
    [InlineData("S%C3%A3o%20Paulo", "São Paulo")]
    [InlineData("%F0%9F%98%80", "😀")]
    [InlineData("caf%E9", "caf%E9")]
    [InlineData("%C3x%A3", "%C3x%A3")]
    [InlineData("%C3%20%A3", "%C3 %A3")]
    [InlineData("% 1", "% 1")]
    [InlineData("%+1", "%+1")]
    [InlineData("São", "São")]
    [InlineData("", "")]
    public void Decode_Escapes_AreReplacedAndMalformedOnesKept(string written, string expected) =>
        Assert.Equal(expected, HiveFolderName.Decode(written));

    [Theory]
    [InlineData("dia=09", "dia", "09")]
    [InlineData("k=a=b", "k", "a=b")]
    [InlineData("k=", "k", "")]
    [InlineData("a%3Db=%3D", "a=b", "=")]
    [InlineData("dt=__HIVE_DEFAULT_PARTITION__", "dt", "__HIVE_DEFAULT_PARTITION__")]
    public void TryParse_KeyAndValue_AreSplitAtTheFirstSign(string name, string key, string value)
    {
        Assert.True(HiveFolderName.TryParse(name, out var parsed));
        Assert.Equal(new PartitionValue(key, value), parsed);
    }

    [Theory]
    [InlineData("lote1")]
    [InlineData("=5")]
    [InlineData("")]
    public void TryParse_NoKey_IsNoPartition(string name) => Assert.False(HiveFolderName.TryParse(name, out _));
}
