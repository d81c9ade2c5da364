using System.Text;
using IdExtractor.Core.Job;
using IdExtractor.Core.Keys;
using IdExtractor.Foundation.Errors;
using Xunit;

namespace IdExtractor.Core.Tests.Keys;

public sealed class KeyIntakeTests
{
    [Fact]
    public void Statistics_MixedValues_CountRowsRejectedAndKeys()
    {
        var sink = new KeyList();
        var intake = new KeyIntake(new CpfCleaner(MatchRule.Pad, 14), sink);
        intake.AddText("123.456.789-01"u8);
        intake.AddText("x"u8);
        intake.AddNumber(5);
        intake.AddNumber(-5);
        intake.AddUnsigned(6);
        intake.AddDecimal([7]);
        intake.AddNulls(3);

        intake.AddText("12345678909.0"u8);
        intake.AddText("12.345.678.901"u8);
        intake.AddNumber(123456789012345);
        intake.AddDecimal([0xFF]);

        Assert.Equal(
            new KeyStatistics(4, new RejectedValues(Empty: 3, NotDigits: 3, Float: 1, Punctuation: 1, TooLong: 1)), intake.Statistics);
        Assert.Equal((13, 9), (intake.Statistics.Rows, intake.Statistics.Rejected));
        Assert.Equal(["00012345678901", "00000000000005", "00000000000006", "00000000000007"], sink.Keys);
    }

    [Fact]
    public void AddText_LongValueUnderConcat_IsTakenWhole()
    {
        var sink = new KeyList();
        new KeyIntake(new CpfCleaner(MatchRule.Concat, 14), sink).AddText(Encoding.ASCII.GetBytes(new string('7', 100_000)));
        Assert.Equal(100_003, sink.Keys.Single().Length);
    }

    [Theory]
    [InlineData(10, 0, BadCpfPolicy.Fail, 0)]
    [InlineData(1, 9, BadCpfPolicy.Reject, 90)]
    [InlineData(5, 5, BadCpfPolicy.Reject, 50)]
    [InlineData(999, 1, BadCpfPolicy.Reject, 0.1)]
    public void EnsureUsable_EnoughKeys_Passes(long keys, long rejected, BadCpfPolicy policy, double most) =>
        Statistics(keys, rejected).EnsureUsable("a", policy, most);

    [Theory]
    [InlineData(0, 0, BadCpfPolicy.Reject, "no rows")]
    [InlineData(0, 4, BadCpfPolicy.Reject, "4 of 4 rejected")]
    [InlineData(9, 1, BadCpfPolicy.Fail, "1 of 10 rejected")]
    public void EnsureUsable_NoKeysOrRejectedOnes_IsBadInput(long keys, long rejected, BadCpfPolicy policy, string counts)
    {
        var error = Assert.Throws<InputDataException>(() => Statistics(keys, rejected).EnsureUsable("a", policy, 100));
        Assert.Contains(counts, error.ToLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, 5, 50)]
    [InlineData(9, 1, 0)]
    [InlineData(998, 2, 0.1)]
    public void EnsureUsable_TooManyRejected_IsAGuard(long keys, long rejected, double most)
    {
        var error = Assert.Throws<GuardException>(() => Statistics(keys, rejected).EnsureUsable("a", BadCpfPolicy.Reject, most));
        Assert.Contains(
            $"{rejected} of {keys + rejected} rejected: {rejected} with a decimal point or exponent (floats)", error.ToLine(),
            StringComparison.Ordinal);
        Assert.Contains("--max-rejected-percent", error.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void Warning_RejectedValues_CountsThemByReason()
    {
        Assert.Null(Statistics(4, 0).Warning("a"));
        Assert.Equal(
            "1 of 5 values of Table A was rejected: 1 with a decimal point or exponent (floats); a", Statistics(4, 1).Warning("a"));
        Assert.Equal(
            "3 of 4 values of Table A were rejected: 2 empty, 1 too long; a",
            new KeyStatistics(1, new RejectedValues(2, 0, 0, 0, 1)).Warning("a"));
    }

    private static KeyStatistics Statistics(long keys, long floats) => new(keys, new RejectedValues(0, 0, floats, 0, 0));
}
