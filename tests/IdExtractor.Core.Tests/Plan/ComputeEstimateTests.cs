using System.Globalization;
using System.Runtime.CompilerServices;
using IdExtractor.Core.Job;
using IdExtractor.Core.Plan;
using IdExtractor.Core.Report;
using Xunit;

namespace IdExtractor.Core.Tests.Plan;

public sealed class ComputeEstimateTests
{
    [Fact]
    public void Of_NoBytes_CostsTheLeastThatIsBilled()
    {
        var estimate = ComputeEstimate.Of(0);

        Assert.Equal(10, estimate.Seconds);
        Assert.Equal(60 * HourlyPrice() / 3600, estimate.Usd);
    }

    [Fact]
    public void Of_ManyBytes_CostsTheSecondsThatTheNetworkNeeds()
    {
        var estimate = ComputeEstimate.Of(30_000_000_000);

        Assert.Equal(210, estimate.Seconds, 6);
        Assert.Equal((double)HourlyPrice() * 210 / 3600, (double)estimate.Usd, 9);
    }

    [Fact]
    public void Of_MoreBytes_IsNeverCheaperOrFaster()
    {
        var estimates = Enumerable.Range(0, 40).Select(power => ComputeEstimate.Of(1L << power)).ToArray();

        foreach (var (less, more) in estimates.Zip(estimates.Skip(1)))
            Assert.True(less.Seconds < more.Seconds && less.Usd <= more.Usd);
    }

    [Fact]
    public void Of_NegativeBytes_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => ComputeEstimate.Of(-1));

    [Fact]
    public void Basis_NamesThePricesOfTheTable()
    {
        Assert.Contains(Price("fargate_vcpu").ToString(CultureInfo.InvariantCulture), ComputeEstimate.Basis, StringComparison.Ordinal);
        Assert.Contains(Price("fargate_memory").ToString(CultureInfo.InvariantCulture), ComputeEstimate.Basis, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RequestKind.Get, "s3_get", 1_000)]
    [InlineData(RequestKind.Put, "s3_put", 1_000)]
    [InlineData(RequestKind.Catalog, "glue_catalog", 1_000_000)]
    public void RequestPrices_AreThoseOfTheTable(RequestKind kind, string row, int count) =>
        Assert.Equal(Price(row), RequestPrices.Of(new RequestForecast([new StepRequests(RunPhase.Plan, kind, count)])));

    private static decimal HourlyPrice() =>
        (ComputeEstimate.VirtualCpus * Price("fargate_vcpu")) + (ComputeEstimate.MemoryGigabytes * Price("fargate_memory"));

    /// <summary>A price from docs/use/prices.tsv.</summary>
    private static decimal Price(string row, [CallerFilePath] string here = "")
    {
        var table = Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "use", "prices.tsv");
        var line = File.ReadLines(table).Single(line => line.StartsWith(row + "\t", StringComparison.Ordinal));
        return decimal.Parse(line.Split('\t')[2], CultureInfo.InvariantCulture);
    }
}
