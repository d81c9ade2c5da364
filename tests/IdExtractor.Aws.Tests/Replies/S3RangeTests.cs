using IdExtractor.Aws.Requests;
using IdExtractor.Aws.S3;

namespace IdExtractor.Aws.Tests.Replies;

/// <summary>The range that a reply to a ranged read claims to hold.</summary>
public sealed class S3RangeTests
{
    private static readonly S3Range s_asked = new(100, 199, 1000);

    [Theory]
    [InlineData("bytes 100-199/1000", 100)]
    [InlineData("bytes 100-199/*", 100)]
    [InlineData("Bytes  100-199/1000", -1)]
    public void Require_TheRangeThatWasAskedFor_Passes(string header, long bodyLength) => s_asked.Require(header, bodyLength);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bytes")]
    [InlineData("bytes */1000")]
    [InlineData("bytes 100-199")]
    [InlineData("bytes 0-99/1000")]
    [InlineData("bytes 100-198/1000")]
    [InlineData("bytes 101-199/1000")]
    [InlineData("bytes 100-199/1001")]
    [InlineData("bytes 199-100/1000")]
    [InlineData("bytes 100-199/150")]
    [InlineData("bytes -100-199/1000")]
    [InlineData("bytes +100-199/1000")]
    [InlineData("bytes 100-99999999999999999999/1000")]
    [InlineData("items 100-199/1000")]
    public void Require_AnotherRange_IsAFalseReply(string? header) =>
        Assert.Throws<FalseReplyException>(() => s_asked.Require(header, 100));

    [Fact]
    public void Require_AnotherLength_IsAFalseReply() => Assert.Throws<FalseReplyException>(() =>
        s_asked.Require("bytes 100-199/1000", 99));
}
