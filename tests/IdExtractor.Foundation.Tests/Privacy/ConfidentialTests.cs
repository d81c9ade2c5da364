using IdExtractor.Foundation.Privacy;
using Xunit;

namespace IdExtractor.Foundation.Tests.Privacy;

public sealed class ConfidentialTests
{
    [Theory]
    [InlineData("column '52998224725'", "column '###########'")]
    [InlineData("529.982.247-25", "###.###.###-##")]
    [InlineData("529982247-25", "#########-##")]
    [InlineData("/data/52998224725.csv", "/data/###########.csv")]
    [InlineData("cpf52998224725", "cpf###########")]
    [InlineData("52998224725.0", "###########.0")]
    [InlineData("ano_mes_dia=52998224725/x", "ano_mes_dia=###########/x")]
    [InlineData("00052998224725", "##############")]
    [InlineData("11222333000181", "##############")]
    [InlineData("11.222.333/0001-81", "##.###.###/####-##")]
    [InlineData("12.ABC.345/01DE-35", "##.###.###/####-##")]
    [InlineData("529982247/25", "#########/##")]
    [InlineData("529.982.247/25", "###.###.###/##")]
    [InlineData("529 982 247 25", "### ### ### ##")]
    [InlineData("529-982-247-25", "###-###-###-##")]
    [InlineData("0052998224725", "#############")]
    [InlineData("5.2998224725E10", "#.#############")]
    [InlineData("5.2998224725e+10", "#.###########+##")]
    [InlineData("52998224725, 52998224725", "###########, ###########")]
    [InlineData("http://user:secret@host:9/path", "http://***@host:9/path")]
    [InlineData("'https://host/path?token=secret'", "'https://host/path?***'")]
    public void Mask_DocumentOrSecret_IsTakenOut(string text, string masked) => Assert.Equal(masked, Confidential.Mask(text));

    [Theory]
    [InlineData("")]
    [InlineData("documento")]
    [InlineData("20251022")]
    [InlineData("stage_20251022_120000.txt.gz")]
    [InlineData("2025-10-22T12:00:00.123Z")]
    [InlineData("20251022120000")]
    [InlineData("s3://data-123456789012-sa-east-1/prefix/")]
    [InlineData("arn:aws:iam::123456789012:role/ids")]
    [InlineData("part-00000-1a2b3c4d-1234-5678-9012-123456789012-c000.snappy.parquet")]
    [InlineData("year=2025/month=10/day=22")]
    [InlineData("2025/10/22/12/part-0.parquet")]
    [InlineData("192.168.100.12:9000")]
    [InlineData("expected 12345678901 bytes")]
    [InlineData("1234567890")]
    [InlineData("1764573600123")]
    [InlineData("012345678901")]
    [InlineData("_delta_log/00000000000000000010.json")]
    [InlineData("0.123456789")]
    [InlineData("ratio 1.2345678")]
    [InlineData("551 234 5678")]
    [InlineData("123456789012345678")]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("00000000000000000000012345678901a0000000000000000000000000000000ff")]
    [InlineData("s3://bucket/key?with=question")]
    public void Mask_AnythingElse_StaysReadable(string text) => Assert.Equal(text, Confidential.Mask(text));

    [Fact]
    public void MaskOrNull_Null_StaysNull() => Assert.Null(Confidential.MaskOrNull(null));
}
