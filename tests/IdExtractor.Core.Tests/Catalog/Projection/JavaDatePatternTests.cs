using IdExtractor.Core.Catalog.Projection;
using Xunit;

namespace IdExtractor.Core.Tests.Catalog.Projection;

public sealed class JavaDatePatternTests
{
    /// <summary>
    /// 2026-03-09 07:05:04.0301 in the ways in which tables are laid out, those of Athena's guide
    /// among them.
    /// </summary>
    [Theory]
    [InlineData("yyyyMM", "202603")]
    [InlineData("yyyyMMdd", "20260309")]
    [InlineData("yyyy-MM-dd", "2026-03-09")]
    [InlineData("dd-MM-yyyy", "09-03-2026")]
    [InlineData("dd-MM-yyyy-HH-mm-ss", "09-03-2026-07-05-04")]
    [InlineData("yyyy/MM/dd", "2026/03/09")]
    [InlineData("yyyy/MM/dd/HH", "2026/03/09/07")]
    [InlineData("yyyy-MM-dd HH:mm:ss", "2026-03-09 07:05:04")]
    [InlineData("yyyy-MM-dd'T'HH", "2026-03-09T07")]
    [InlineData("'ano='yyyy'/mes='M'/dia='d", "ano=2026/mes=3/dia=9")]
    [InlineData("yyyy''MM", "2026'03")]
    [InlineData("uuuu-DDD", "2026-068")]
    [InlineData("yy-MMM-d", "26-Mar-9")]
    [InlineData("d MMMM y", "9 March 2026")]
    [InlineData("yyyyMMddHHmmssSSS", "20260309070504030")]
    public void Format_Pattern_WritesAsJavaDoes(string pattern, string expected)
    {
        var time = new DateTime(2026, 3, 9, 7, 5, 4, DateTimeKind.Utc).AddTicks(301_000);
        Assert.Equal(expected, JavaDatePattern.TryParse(pattern)!.Format(time));
    }

    [Theory]
    [InlineData("yyyy-MM-dd E")]
    [InlineData("YYYY-MM-dd")]
    [InlineData("yyyy-MM-dd hh a")]
    [InlineData("yyyyy")]
    [InlineData("yyyy[-MM]")]
    [InlineData("yyyy'open")]
    [InlineData("MM-dd")]
    [InlineData("text")]
    public void TryParse_PatternNotSupported_IsNull(string pattern) => Assert.Null(JavaDatePattern.TryParse(pattern));

    [Theory]
    [InlineData("yyyy-MM-dd", "2026-3-09")]
    [InlineData("yyyy-MM-dd", "2026-03-09 ")]
    [InlineData("yyyy-MM-dd", "2026-02-29")]
    [InlineData("yyyy-MM-dd", "2026-13-01")]
    [InlineData("yyyy-MM-dd", "0000-01-01")]
    [InlineData("yyyyMMdd", "2026030")]
    [InlineData("yyyy-DDD", "2025-366")]
    [InlineData("yyyy-MMM", "2026-Mai")]
    [InlineData("yyyy-MM-dd HH", "2026-03-09 24")]
    [InlineData("yyyy-MM-dd", "٢٠٢٦-03-09")]
    public void TryRead_NoSuchDate_IsFalse(string pattern, string text) =>
        Assert.False(JavaDatePattern.TryParse(pattern)!.TryRead(text, out _));

    [Fact]
    public void TryRead_PatternWithoutDay_IsTheFirst()
    {
        Assert.True(JavaDatePattern.TryParse("yyyy-MM")!.TryRead("2026-03", out var time));
        Assert.Equal(new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc), time);
    }

    [Fact]
    public void TryRead_WhatFormatWrote_GivesTheTimeBack()
    {
        const int Seed = 20260309;
        var random = new Random(Seed);
        string[] patterns = ["yyyyMMddHHmmss", "d/M/yyyy H:m:s", "uuuu-DDD'T'HH:mm:ss", "dd MMM yyyy HH-mm-ss", "s m H d MMMM u"];
        for (var round = 0; round < 2000; round++)
        {
            var pattern = patterns[round % patterns.Length];
            var time = DateTime.UnixEpoch.AddSeconds(random.NextInt64(-60_000_000_000, 250_000_000_000));
            var text = JavaDatePattern.TryParse(pattern)!.Format(time);
            Assert.True(
                JavaDatePattern.TryParse(pattern)!.TryRead(text, out var back) && back == time,
                $"seed {Seed}, round {round}: '{text}' as {pattern} gives {back:O} for {time:O}");
        }
    }
}
