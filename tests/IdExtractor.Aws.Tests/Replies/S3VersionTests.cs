using IdExtractor.Aws.S3;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.Tests.Replies;

/// <summary>How versions are distinguished, with and without ETags.</summary>
public sealed class S3VersionTests
{
    private static readonly DateTimeOffset s_time = new(2025, 10, 22, 1, 2, 3, 456, TimeSpan.Zero);

    [Theory]
    [InlineData("\"abc\"", "abc")]
    [InlineData("abc", "abc")]
    [InlineData("\"abc-12\"", "abc-12")]
    [InlineData("W/\"abc\"", null)]
    [InlineData("w/\"abc\"", null)]
    [InlineData("\"\"", null)]
    [InlineData("", null)]
    [InlineData(" ", null)]
    [InlineData(null, null)]
    public void StrongETag_Forms_AreToldApart(string? etag, string? expected) => Assert.Equal(expected, S3Version.StrongETag(etag));

    [Fact]
    public void StampOf_NoETag_IsDateAndSizeInWholeSeconds()
    {
        var listed = S3Version.StampOf("o", "W/\"x\"", s_time, 10);
        Assert.Equal(listed, S3Version.StampOf("o", null, s_time.AddMilliseconds(-456), 10));
        Assert.NotEqual(listed, S3Version.StampOf("o", null, s_time.AddSeconds(1), 10));
        Assert.NotEqual(listed, S3Version.StampOf("o", null, s_time, 11));
        Assert.False(S3Version.IsETag(listed));
    }

    [Fact]
    public void StampOf_NeitherETagNorDate_IsRefused()
    {
        var error = Assert.Throws<ConfigurationException>(() => S3Version.StampOf("s3://b/o", "\"\"", DateTimeOffset.UnixEpoch, 10));
        Assert.Contains("ETag", error.ToLine(), StringComparison.Ordinal);
        Assert.Contains("s3://b/o", error.ToLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"a\"", "\"a\"", 60, 10, true)]
    [InlineData("\"a\"", "\"b\"", 0, 10, false)]
    [InlineData("\"a\"", null, 0, 10, true)]
    [InlineData(null, "\"a\"", 0, 10, true)]
    [InlineData("\"a\"", null, 1, 10, false)]
    [InlineData("\"a\"", null, 0, 11, false)]
    [InlineData(null, null, 0, 10, true)]
    [InlineData(null, null, 1, 10, false)]
    public void IsSame_WhatBothHave_Decides(string? pinned, string? found, int seconds, long size, bool expected) =>
        Assert.Equal(expected, S3Version.IsSame("o", Info(pinned, s_time, 10), Info(found, s_time.AddSeconds(seconds), size)));

    [Fact]
    public void IsSame_NothingInCommon_IsRefused() =>
        Assert.Throws<ConfigurationException>(() => S3Version.IsSame("o", Info("\"a\"", DateTimeOffset.UnixEpoch, 10),
            Info(null, s_time, 10)));

    private static ObjectInfo Info(string? etag, DateTimeOffset modified, long size) =>
        new("o", size, S3Version.StampOf("o", etag, modified, size), modified);
}
