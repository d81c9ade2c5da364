using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Errors;
using Xunit;

namespace IdExtractor.Core.Tests.Storage.Local;

public sealed class LocalStoreProviderTests
{
    [Theory]
    [InlineData("/data/b x")]
    [InlineData("/data/b%20x")]
    [InlineData("/data/b%2Fx")]
    [InlineData("/data/c#1")]
    [InlineData("/data/c?d=e")]
    [InlineData("/data/100%")]
    [InlineData("/data/ano=2025+1/ç")]
    [InlineData("/data/x ")]
    [InlineData("//data/x")]
    public void ToPath_FileAddress_IsThePathAsItStands(string path)
    {
        Assert.Equal(path, LocalStoreProvider.ToPath($"file://{path}"));
        Assert.Equal(path, LocalStoreProvider.ToPath(path));
    }

    [Theory]
    [InlineData("file://host/x")]
    [InlineData("http://x")]
    public void ToPath_OtherMachine_IsRefused(string address) =>
        Assert.Throws<UsageException>(() => LocalStoreProvider.ToPath(address));
}
