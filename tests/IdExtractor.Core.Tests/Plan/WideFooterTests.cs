using System.Globalization;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;
using Xunit;

namespace IdExtractor.Core.Tests.Plan;

/// <summary>Chunks are found in a footer without reading those of other columns.</summary>
public sealed class WideFooterTests
{
    private const int ChunkBytes = 10;
    private const int Columns = 300;
    private static readonly long[] s_groups = [5, 7, 0, 11];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(47)]
    [InlineData(Columns - 1)]
    public void ReadRowGroups_AnyColumnOfMany_FindsItsChunks(int leaf)
    {
        var footer = Footer();
        var other = Columns - 1 - leaf;
        var groups = footer.ReadRowGroups([footer.Columns[leaf], footer.Columns[other], footer.Columns[leaf]]);
        Assert.Equal(s_groups, groups.Select(group => group.RowCount));
        for (var group = 0; group < groups.Count; group++)
        {
            var chunks = groups[group].Chunks;
            Assert.Equal([leaf, other, leaf], chunks.Select(chunk => chunk.Column.Index));
            if (s_groups[group] > 0)
                Assert.Equal([OffsetOf(group, leaf), OffsetOf(group, other), OffsetOf(group, leaf)], chunks.Select(chunk => chunk.Offset));
        }
    }

    [Fact]
    public void Parse_ManyColumns_CountsRowsAndBytes()
    {
        var footer = Footer();
        Assert.Equal((s_groups.Sum(), s_groups.Length, 0), (footer.RowCount, footer.RowGroupCount, footer.UnaccountedBytes));
    }

    private static long OffsetOf(int group, int leaf) => 4 + (((group * Columns) + leaf) * ChunkBytes);

    private static ParquetFooter Footer()
    {
        var names = Enumerable.Range(0, Columns).Select(i => string.Create(CultureInfo.InvariantCulture, $"column_{i}"));
        var file = ParquetSketch.File([.. names.Select(name => new SketchColumn(name))], s_groups, ChunkBytes);
        var end = file.Length - FooterTail.Length;
        var length = FooterTail.ReadFooterLength("file", file.AsSpan(end), file.Length, ParquetLimits.Default);
        return ParquetFooter.Parse("file", file.Length, file.AsMemory(end - length, length), ParquetLimits.Default);
    }
}
