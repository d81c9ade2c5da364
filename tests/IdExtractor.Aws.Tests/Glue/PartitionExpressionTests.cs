using IdExtractor.Aws.Glue;
using IdExtractor.Core.Job;

namespace IdExtractor.Aws.Tests.Glue;

public sealed class PartitionExpressionTests
{
    [Theory]
    [InlineData("string", "20251022", "(k LIKE '2025-10-22%' OR k = '20251022')")]
    [InlineData("string", "2025-10-22T10:00:00", "(k LIKE '2025-10-22%' OR k = '20251022')")]
    [InlineData("string", "9", "k LIKE '%9'")]
    [InlineData("STRING", "09", "k LIKE '%9'")]
    [InlineData("varchar(10)", "-9", "k LIKE '%9'")]
    [InlineData("string", "SP", "k = 'SP'")]
    [InlineData("string", "it's", "k = 'it''s'")]
    [InlineData("string", "100%", "k = '100%'")]
    [InlineData("int", "09", "k = 9")]
    [InlineData("bigint", "20251022", "k = 20251022")]
    [InlineData("tinyint", "-1", "k = -1")]
    [InlineData("int", "SP", null)]
    [InlineData("date", "2025-10-22", "k = '2025-10-22'")]
    [InlineData("date", "20251022", "k = '2025-10-22'")]
    [InlineData("date", "2025-10-22 10:00:00", null)]
    [InlineData("timestamp", "2025-10-22 10:00:00", null)]
    [InlineData("decimal(10,2)", "1", null)]
    public void Of_TypeAndValue_MeansEverySpelling(string type, string value, string? expected) =>
        Assert.Equal(expected, PartitionExpression.Of([new GlueColumn("k", type)], Pin(("k", value))));

    [Fact]
    public void Of_SomeKeys_NamesTheseAlone() =>
        Assert.Equal("uf = 'SP' AND lote = 3", PartitionExpression.Of(
            [new GlueColumn("uf", "string"), new GlueColumn("dia", "string"), new GlueColumn("lote", "int")],
            Pin(("UF", "SP"), ("lote", "3"))));

    [Theory]
    [InlineData("a b")]
    [InlineData("a'b")]
    [InlineData("1a")]
    [InlineData("")]
    public void Of_NameThatNeedsQuotes_IsLeftOut(string name) =>
        Assert.Null(PartitionExpression.Of([new GlueColumn(name, "string")], Pin((name, "SP"))));

    [Fact]
    public void Of_NoPin_IsNull() => Assert.Null(PartitionExpression.Of([new GlueColumn("k", "string")], null));

    [Fact]
    public void ExactValues_TextsOnly_AreTold()
    {
        GlueColumn[] keys = [new("uf", "string"), new("canal", "string")];
        Assert.Equal(["SP", "web"], PartitionExpression.ExactValues(keys, Pin(("UF", "SP"), ("canal", "web"))));
        Assert.Null(PartitionExpression.ExactValues(keys, Pin(("uf", "SP"))));
        Assert.Null(PartitionExpression.ExactValues(keys, Pin(("uf", "SP"), ("canal", "9"))));
        Assert.Null(PartitionExpression.ExactValues(keys, null));
    }

    private static PartitionPin Pin(params (string Key, string Value)[] values) =>
        new([.. values.Select(value => new PartitionValue(value.Key, value.Value))]);
}
