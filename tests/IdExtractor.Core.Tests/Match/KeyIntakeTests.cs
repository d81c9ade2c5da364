using System.Text;
using IdExtractor.Core.Errors;
using IdExtractor.Core.Match;
using IdExtractor.Core.Pipeline;
using Xunit;

namespace IdExtractor.Core.Tests.Match;

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

        Assert.Equal(new KeyStatistics(9, 5, 4), intake.Statistics);
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
    [InlineData(10, 0, 10, BadCpfPolicy.Fail)]
    [InlineData(10, 9, 1, BadCpfPolicy.Reject)]
    public void EnsureUsable_EnoughKeys_Passes(long rows, long rejected, long keys, BadCpfPolicy policy) =>
        new KeyStatistics(rows, rejected, keys).EnsureUsable("a", policy);

    [Theory]
    [InlineData(0, 0, 0, BadCpfPolicy.Reject, "0 rows, 0 rejected")]
    [InlineData(4, 4, 0, BadCpfPolicy.Reject, "4 rows, 4 rejected")]
    [InlineData(10, 1, 9, BadCpfPolicy.Fail, "1 of 10 values")]
    public void EnsureUsable_NoKeysOrRejectedOnes_IsBadInput(long rows, long rejected, long keys, BadCpfPolicy policy, string counts)
    {
        var error = Assert.Throws<InputDataException>(() => new KeyStatistics(rows, rejected, keys).EnsureUsable("a", policy));
        Assert.Contains(counts, error.ToLine(), StringComparison.Ordinal);
    }
}
