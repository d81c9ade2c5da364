using IdExtractor.Aws.S3;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.Tests.S3;

public sealed class S3SizesTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Read_Nothing_IsTheUsual(string? text) => Assert.Equal(new S3Tuning(), S3Sizes.Read(text));

    [Fact]
    public void Read_All_AreTaken() => Assert.Equal(
        new S3Tuning { MaxPutBytes = 1, PartBytes = 2, MaxCopyBytes = 3, CopyPartBytes = 4 },
        S3Sizes.Read("put:1, part:2,copy:3,copy-part:4"));

    [Theory]
    [InlineData("put")]
    [InlineData("put:")]
    [InlineData("put:0")]
    [InlineData("put:-1")]
    [InlineData("put:1:2")]
    [InlineData("puts:1")]
    [InlineData("part:2147483648")]
    public void Read_AnotherForm_IsWrongUsage(string text)
    {
        var error = Assert.Throws<UsageException>(() => S3Sizes.Read(text));
        Assert.Contains(S3Sizes.Variable, error.Message, StringComparison.Ordinal);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }
}
