using IdExtractor.Core.Catalog.Projection;
using IdExtractor.Foundation.Errors;
using Xunit;

namespace IdExtractor.Core.Tests.Catalog.Projection;

public sealed class PartitionProjectionTests
{
    private static readonly DateTime s_now = new(2026, 11, 21, 14, 30, 59, DateTimeKind.Utc);

    /// <summary>
    /// The examples of Athena's guide to partition projection, and similar cases. A value before
    /// <c>...</c> is the last of all.
    /// </summary>
    [Theory]
    [InlineData("type=enum;values=A,B,C,D,E,F,Unknown", "A B C D E F Unknown")]
    [InlineData("type=enum;values=9,10,11", "11 10 9")]
    [InlineData("type=integer;range=0,10", "10 9 8 7 6 5 4 3 2 1 0")]
    [InlineData("type=integer;range= -1 , 3 ", "3 2 1 0 -1")]
    [InlineData("type=integer;range=0001,0010;interval=3;digits=4", "0010 0007 0004 0001")]
    [InlineData("type=integer;range=0,9;interval=4", "8 4 0")]
    [InlineData("type=integer;range=-2,0;digits=3", "000 -001 -002")]
    [InlineData("type=date;format=yyyyMM;range=201810,201902", "201902 201901 201812 201811 201810")]
    [InlineData("type=date;format=yyyy-MM;range=2018-01,2018-12;interval=2;interval.unit=MONTHS",
        "2018-11 2018-09 2018-07 2018-05 2018-03 2018-01")]
    [InlineData("type=date;format=dd-MM-yyyy;range=30-12-2019,02-01-2020", "02-01-2020 01-01-2020 31-12-2019 30-12-2019")]
    [InlineData("type=date;format=dd-MM-yyyy-HH-mm-ss;range=01-01-2018-00-00-00,02-01-2018-00-00-00;interval=12;interval.unit=HOURS",
        "02-01-2018-00-00-00 01-01-2018-12-00-00 01-01-2018-00-00-00")]
    [InlineData("type=date;format=yyyy/MM/dd;range=2026/11/19,NOW", "2026/11/21 2026/11/20 2026/11/19")]
    [InlineData("type=date;format=yyyy-MM-dd;range=NOW-2DAYS,NOW+1DAY", "2026-11-22 2026-11-21 2026-11-20 2026-11-19")]
    [InlineData("type=date;format=yyyyMMdd;range=NOW-1DAYS, NOW ", "20261121 20261120")]
    [InlineData("type=date;format=yyyy/MM/dd/HH;range=NOW - 2 HOURS,NOW;interval=1;interval.unit=HOURS",
        "2026/11/21/14 2026/11/21/13 2026/11/21/12")]
    [InlineData("type=date;format=yyyy-MM;range=NOW-1YEARS,NOW-10MONTHS", "2026-01 2025-12 2025-11")]
    [InlineData("type=date;format=yyyy;range=2024,NOW;interval=1;interval.unit=YEARS", "2026 2025 2024")]
    [InlineData("type=date;format=yyyy-MM-dd;range=2026-11-01,2026-11-21;interval=1;interval.unit=WEEKS",
        "2026-11-15 2026-11-08 2026-11-01")]
    [InlineData("type=date;format=yyyy-MM-dd;range=2026-01-31,2026-04-30;interval.unit=MONTHS",
        "2026-04-28 2026-03-28 2026-02-28 2026-01-31")]
    [InlineData("type=date;format=yyyy-MM;range=2026-11,2026-11;interval.unit=DAYS", "2026-11")]
    [InlineData("type=date;format=yyyy-MM-dd;range=2026-11-22,NOW", "")]
    public void Values_Settings_AreEnumeratedLatestFirst(string settings, string expected)
    {
        var values = Parse(settings).Values(0, s_now).Select(value => value.Text);
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), values);
    }

    [Fact]
    public void Values_EnumWithBlanks_KeepsThem() =>
        Assert.Equal(["a", " b ", ""], Parse("type=enum;values=a, b ,").Values(0, s_now).Select(value => value.Text));

    [Fact]
    public void Values_DatesInAnyForm_AreTimes() =>
        Assert.Equal(
            new DateTime(2026, 11, 20, 0, 0, 0, DateTimeKind.Utc),
            Parse("type=date;format=dd MMM yyyy;range=20 Nov 2026,20 Nov 2026").Values(0, s_now)[0].Typed.Time);

    [Theory]
    [InlineData("range=1,2", "projection.k.type")]
    [InlineData("type=real;range=1,2", "projection.k.type")]
    [InlineData("type=enum", "projection.k.values")]
    [InlineData("type=enum;values=", "projection.k.values")]
    [InlineData("type=integer", "projection.k.range")]
    [InlineData("type=integer;range=1-2", "projection.k.range")]
    [InlineData("type=integer;range=2,1", "projection.k.range")]
    [InlineData("type=integer;range=1,2,3", "projection.k.range")]
    [InlineData("type=integer;range=1,99999999999999999999", "projection.k.range")]
    [InlineData("type=integer;range=1,2;interval=0", "projection.k.interval")]
    [InlineData("type=integer;range=1,2;digits=-1", "projection.k.digits")]
    [InlineData("type=date;range=2020,NOW", "projection.k.format")]
    [InlineData("type=date;format=YYYY-MM-dd;range=2020-01-01,NOW", "projection.k.format")]
    [InlineData("type=date;format=yyyy-MM-dd", "projection.k.range")]
    [InlineData("type=date;format=yyyy-MM-dd;range=2020-01-01,TODAY", "projection.k.range")]
    [InlineData("type=date;format=yyyy-MM-dd;range=2020-01-01,NOW-3FORTNIGHTS", "projection.k.range")]
    [InlineData("type=date;format=yyyy-MM-dd;range=2020-01-01,NOW-99999999999YEARS", "projection.k.range")]
    [InlineData("type=date;format=yyyy-MM-dd;range=2020-01-01,NOW;interval.unit=FORTNIGHTS", "projection.k.interval.unit")]
    [InlineData("type=date;format=yyyy-MM-dd;range=2020-01-01,NOW;interval=1.5", "projection.k.interval")]
    [InlineData("type=date;format=yyyy-MM-dd-HH;range=2020-01-01-00,NOW;interval.unit=HOURS", "projection.k.interval")]
    [InlineData("type=date;format=yyyy-MM-dd-HH;range=2020-01-01-00,NOW;interval=1", "projection.k.interval.unit")]
    [InlineData("type=date;format=yyyy;range=2020,NOW", "projection.k.interval.unit")]
    public void Parse_WrongSetting_IsNamed(string settings, string property)
    {
        var error = Assert.Throws<ConfigurationException>(() => Parse(settings));
        Assert.Equal(property, error.Place.Column);
    }

    [Fact]
    public void Parse_Injected_IsRefusedClearly()
    {
        var error = Assert.Throws<ConfigurationException>(() => Parse("type=injected"));
        Assert.Contains("injected", error.Message, StringComparison.Ordinal);
        Assert.Equal("k", error.Place.Column);
    }

    [Theory]
    [InlineData("type=integer;range=0,9223372036854775807")]
    [InlineData("type=integer;range=-9223372036854775808,9223372036854775807")]
    [InlineData("type=date;format=yyyy-MM-dd-HH-mm-ss;range=2000-01-01-00-00-00,NOW;interval=1;interval.unit=SECONDS")]
    public void Values_TooMany_AreRefused(string settings) => Assert.Throws<ConfigurationException>(() => Parse(settings).Values(0, s_now));

    [Fact]
    public void Values_EndOfTheCalendar_Ends() =>
        Assert.Equal(
            ["9999-12-31", "9999-12-30"],
            Parse("type=date;format=yyyy-MM-dd;range=9999-12-30,9999-12-31").Values(0, s_now).Select(value => value.Text));

    [Fact]
    public void Values_RandomIntegers_AreThoseOfTheRule()
    {
        const int Seed = 7;
        var random = new Random(Seed);
        for (var round = 0; round < 500; round++)
        {
            var (least, length, interval, digits) = (
                random.NextInt64(-2000, 2000), random.Next(0, 300), random.Next(1, 20), random.Next(0, 6));
            var expected = new List<string>();
            for (var number = least; number <= least + length; number += interval)
                expected.Insert(
                    0,
                    (number < 0 ? "-" : "") + Math.Abs(number)
                        .ToString(System.Globalization.CultureInfo.InvariantCulture)
                        .PadLeft(digits, '0'));
            var setting = $"type=integer;range={least},{least + length};interval={interval}" + (digits > 0 ? $";digits={digits}" : "");
            var actual = Parse(setting).Values(0, s_now).Select(value => value.Text);
            Assert.True(expected.SequenceEqual(actual), $"seed {Seed}, round {round}: {setting}");
        }
    }

    [Theory]
    [InlineData("s3://bucket/table/${k}/", "s3://bucket/table/", "v/")]
    [InlineData("s3://bucket/table/${k}", "s3://bucket/table/", "v/")]
    [InlineData("s3://bucket/table/dt-${K}/data", "s3://bucket/table/", "dt-v/data/")]
    [InlineData("s3://bucket/${k}/again/${k}/", "s3://bucket/", "v/again/v/")]
    public void FolderOf_Template_TakesTheValue(string template, string root, string folder)
    {
        var projection = Parse("type=enum;values=v", template);
        Assert.Equal((root, folder), (projection.Root, projection.FolderOf(projection.Values(0, s_now))));
    }

    [Theory]
    [InlineData("s3://bucket/table/")]
    [InlineData("s3://bucket/${other}/${k}/")]
    [InlineData("s3://bucket/${k/")]
    [InlineData("s3://${k}/table/")]
    [InlineData("${k}/table/")]
    public void Parse_WrongTemplate_IsRefused(string template) =>
        Assert.Equal(
            "storage.location.template", Assert.Throws<ConfigurationException>(() => Parse("type=enum;values=v", template)).Place.Column);

    [Fact]
    public void FolderOf_NoTemplate_IsHives()
    {
        var projection = Parse("type=date;format=yyyy-MM-dd HH:mm;range=2026-11-21 00:00,2026-11-21 00:00;interval=1;interval.unit=DAYS");
        Assert.Equal(("s3://bucket/table/", "k=2026-11-21 00%3A00/"), (projection.Root, projection.FolderOf(projection.Values(0, s_now))));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData(" TRUE ", true)]
    [InlineData("false", false)]
    [InlineData("yes", false)]
    public void IsEnabled_Property_Tells(string text, bool expected) =>
        Assert.Equal(expected, PartitionProjection.IsEnabled(new Dictionary<string, string> { ["projection.enabled"] = text }));

    private static PartitionProjection Parse(string settings, string? template = null)
    {
        var properties = settings.Split(';')
            .Select(setting => setting.Split('=', 2))
            .ToDictionary(pair => "projection.k." + pair[0], pair => pair[1]);
        if (template is not null)
            properties["storage.location.template"] = template;
        return PartitionProjection.Parse("glue://db/t", ["k"], properties, "s3://bucket/table");
    }
}
