using System.Globalization;
using IdExtractor.Core.Catalog;
using Xunit;

namespace IdExtractor.Core.Tests.Catalog;

public sealed class PartitionKeyValueTests
{
    [Theory]
    [InlineData("20251022", PartitionKeyKind.Date)]
    [InlineData("20240229", PartitionKeyKind.Date)]
    [InlineData("20250229", PartitionKeyKind.Text)]
    [InlineData("20251399", PartitionKeyKind.Text)]
    [InlineData("00000000", PartitionKeyKind.Text)]
    [InlineData("99999999", PartitionKeyKind.Text)]
    [InlineData("00010101", PartitionKeyKind.Date)]
    [InlineData("0", PartitionKeyKind.Integer)]
    [InlineData("09", PartitionKeyKind.Integer)]
    [InlineData("2025102", PartitionKeyKind.Integer)]
    [InlineData("202510220", PartitionKeyKind.Integer)]
    [InlineData("-5", PartitionKeyKind.Integer)]
    [InlineData("-1234567", PartitionKeyKind.Integer)]
    [InlineData("-12345678", PartitionKeyKind.Integer)]
    [InlineData("9223372036854775807", PartitionKeyKind.Integer)]
    [InlineData("-9223372036854775808", PartitionKeyKind.Integer)]
    [InlineData("9223372036854775808", PartitionKeyKind.Text)]
    [InlineData("0000000000000000000000000000000000000042", PartitionKeyKind.Integer)]
    [InlineData("-", PartitionKeyKind.Text)]
    [InlineData("+5", PartitionKeyKind.Text)]
    [InlineData(" 5", PartitionKeyKind.Text)]
    [InlineData("5 ", PartitionKeyKind.Text)]
    [InlineData("1.0", PartitionKeyKind.Text)]
    [InlineData("1e3", PartitionKeyKind.Text)]
    [InlineData("0x10", PartitionKeyKind.Text)]
    [InlineData("２０２５１０２２", PartitionKeyKind.Text)]
    [InlineData("٩", PartitionKeyKind.Text)]
    [InlineData("2025-10-22", PartitionKeyKind.Date)]
    [InlineData("2025-02-30", PartitionKeyKind.Text)]
    [InlineData("0000-01-01", PartitionKeyKind.Text)]
    [InlineData("2025-1-5", PartitionKeyKind.Text)]
    [InlineData("2025/10/22", PartitionKeyKind.Text)]
    [InlineData("22-10-2025", PartitionKeyKind.Text)]
    [InlineData("2025-10-2٢", PartitionKeyKind.Text)]
    [InlineData("2025-10-22 10:30:00", PartitionKeyKind.Timestamp)]
    [InlineData("2025-10-22T10:30:00", PartitionKeyKind.Timestamp)]
    [InlineData("2025-10-22 10:30:00.5", PartitionKeyKind.Timestamp)]
    [InlineData("2025-10-22T10:30:00.123456789", PartitionKeyKind.Timestamp)]
    [InlineData("2025-10-22 10:30:00.", PartitionKeyKind.Text)]
    [InlineData("2025-10-22 10:30:00.1234567890", PartitionKeyKind.Text)]
    [InlineData("2025-10-22 24:00:00", PartitionKeyKind.Text)]
    [InlineData("2025-10-22 23:60:00", PartitionKeyKind.Text)]
    [InlineData("2025-10-22 23:59:60", PartitionKeyKind.Text)]
    [InlineData("2025-10-22 10:30", PartitionKeyKind.Text)]
    [InlineData("2025-10-22t10:30:00", PartitionKeyKind.Text)]
    [InlineData("2025-10-22T10:30:00Z", PartitionKeyKind.Text)]
    [InlineData("2025-02-30 10:30:00", PartitionKeyKind.Text)]
    [InlineData("__HIVE_DEFAULT_PARTITION__", PartitionKeyKind.Text)]
    [InlineData("teste", PartitionKeyKind.Text)]
    [InlineData("", PartitionKeyKind.Text)]
    public void Parse_Value_HasTheTypeOfItsSpelling(string text, PartitionKeyKind kind) =>
        Assert.Equal(kind, PartitionKeyValue.Parse(text).Kind);

    [Theory]
    [InlineData("9", "10", -1)]
    [InlineData("09", "9", 0)]
    [InlineData("-0", "0", 0)]
    [InlineData("-9", "-10", 1)]
    [InlineData("-9223372036854775808", "9223372036854775807", -1)]
    [InlineData("20251231", "20260101", -1)]
    [InlineData("20251022", "2025-10-22", 0)]
    [InlineData("20251022", "2025-10-21", 1)]
    [InlineData("2025-10-22", "2025-10-22 00:00:00", 0)]
    [InlineData("2025-10-22", "2025-10-22 00:00:00.000000001", -1)]
    [InlineData("2025-10-22 10:00:00", "2025-10-22T10:00:00", 0)]
    [InlineData("2025-10-22 10:00:00.5", "2025-10-22 10:00:00.500000", 0)]
    [InlineData("2025-10-22 10:00:00.123456788", "2025-10-22 10:00:00.123456789", -1)]
    [InlineData("2025-10-22 09:59:59.999999999", "2025-10-22 10:00:00", -1)]
    public void TryCompare_SameLine_OrdersByMeaning(string left, string right, int expected)
    {
        Assert.True(PartitionKeyValue.TryCompare(PartitionKeyValue.Parse(left), PartitionKeyValue.Parse(right), out var order));
        Assert.Equal(expected, Math.Sign(order));
        Assert.True(PartitionKeyValue.TryCompare(PartitionKeyValue.Parse(right), PartitionKeyValue.Parse(left), out var reversed));
        Assert.Equal(-expected, Math.Sign(reversed));
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a", "1")]
    [InlineData("20251022", "1")]
    [InlineData("2025-10-22 10:00:00", "7")]
    public void TryCompare_NoCommonLine_SaysSo(string left, string right) =>
        Assert.False(PartitionKeyValue.TryCompare(PartitionKeyValue.Parse(left), PartitionKeyValue.Parse(right), out _));

    [Fact]
    public void TryCompare_RandomInstants_AgreesWithTheCalendar()
    {
        for (var seed = 1; seed <= 500; seed++)
        {
            var random = new Random(seed);
            var (left, right) = (Instant(random), Instant(random));
            PartitionKeyValue.TryCompare(
                PartitionKeyValue.Parse(Spell(left, random)), PartitionKeyValue.Parse(Spell(right, random)), out var order);
            Assert.True(Math.Sign(order) == left.CompareTo(right), $"seed {seed}");
        }
    }

    [Theory]
    [InlineData("20251022", "2025-10-22T00:00:00.0000000Z")]
    [InlineData("2025-10-22 10:30:01.25", "2025-10-22T10:30:01.2500000Z")]
    public void Time_Calendar_IsTheInstantInUtc(string text, string expected) =>
        Assert.Equal(expected, PartitionKeyValue.Parse(text).Time!.Value.ToString("O", CultureInfo.InvariantCulture));

    private static DateTime Instant(Random random)
    {
        var day = new DateTime(2024, 12, 28, 0, 0, 0, DateTimeKind.Utc).AddDays(random.Next(8));
        return random.Next(2) == 0 ? day : day.AddSeconds(random.Next(3)).AddTicks(random.Next(3));
    }

    private static string Spell(DateTime instant, Random random)
    {
        var format = instant.TimeOfDay == TimeSpan.Zero
            ? random.Next(3) switch { 0 => "yyyyMMdd", 1 => "yyyy-MM-dd", _ => "yyyy-MM-dd HH:mm:ss" }
            : random.Next(2) == 0 ? "yyyy-MM-dd HH:mm:ss.FFFFFFF" : "yyyy-MM-ddTHH:mm:ss.FFFFFFF";
        return instant.ToString(format, CultureInfo.InvariantCulture);
    }
}
