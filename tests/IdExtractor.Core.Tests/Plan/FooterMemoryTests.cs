using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;
using Xunit;

namespace IdExtractor.Core.Tests.Plan;

public sealed class FooterMemoryTests
{
    [Fact]
    public void Parse_VeryManyRowGroups_TakesNoMemoryForThem()
    {
        var file = ParquetSketch.File([PlanRun.Key, PlanRun.Id], [.. Enumerable.Repeat(2L, 50_000)]);
        var length = BitConverter.ToInt32(file, file.Length - 8);
        var thrift = file.AsMemory(file.Length - 8 - length, length);
        ParquetFooter.Parse("warm", file.Length, thrift, ParquetLimits.Default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var footer = ParquetFooter.Parse("p", file.Length, thrift, ParquetLimits.Default);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 10);
        Assert.Equal((50_000, 100_000, 0), (footer.RowGroupCount, footer.RowCount, footer.UnaccountedBytes));
    }
}
