using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;
using Xunit;

namespace IdExtractor.Core.Tests.Pipeline;

public sealed class PublishMetadataTests
{
    private static readonly Dictionary<string, string> Four = new()
    {
        ["total_ids"] = "100000",
        ["md5_checksum"] = "7FDFA3ED267D869EAB18B755CE475A4F",
        ["created_at"] = "20251022_120000",
        ["source_partition"] = "ano=2025/mes=10",
    };

    [Fact]
    public void Parse_TheFourOfTheSparkJob_IsEnough()
    {
        var metadata = PublishMetadata.Parse(Four, "name");
        Assert.Equal(100_000, metadata.TotalIds);
        Assert.Equal("7fdfa3ed267d869eab18b755ce475a4f", metadata.Md5Checksum);
        Assert.Equal(new DateTimeOffset(2025, 10, 22, 12, 0, 0, TimeSpan.Zero), metadata.CreatedAt);
        Assert.Equal("ano=2025/mes=10", metadata.SourcePartition);
        Assert.Null(metadata.GzSha256);
        Assert.Null(metadata.RunId);
        Assert.Null(metadata.TrailingNewline);
        Assert.Null(metadata.InputFingerprint);
    }

    [Fact]
    public void ToMap_All_IsParsedBack()
    {
        var metadata = PublishMetadata.Parse(Four, "name") with
        {
            GzSha256 = new string('a', 64),
            RunId = "r",
            ToolVersion = "v",
            TrailingNewline = true,
            InputFingerprint = "f",
        };
        Assert.Equal(metadata, PublishMetadata.Parse(metadata.ToMap(), "name"));
        Assert.Equal(9, metadata.ToMap().Count);
    }

    [Theory]
    [InlineData("total_ids")]
    [InlineData("md5_checksum")]
    [InlineData("created_at")]
    [InlineData("source_partition")]
    public void Parse_OneOfTheFourMissing_IsNamed(string name)
    {
        var map = new Dictionary<string, string>(Four);
        map.Remove(name);
        var error = Assert.Throws<VerificationException>(() => PublishMetadata.Parse(map, "object"));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Equal("object", error.Place.Object);
    }

    [Theory]
    [InlineData("total_ids", "-1")]
    [InlineData("total_ids", " 1")]
    [InlineData("total_ids", "1e3")]
    [InlineData("total_ids", "99999999999999999999")]
    [InlineData("md5_checksum", "7fdf")]
    [InlineData("md5_checksum", "gggggggggggggggggggggggggggggggg")]
    [InlineData("created_at", "2025-10-22")]
    [InlineData("created_at", "20251322_120000")]
    [InlineData("gz_sha256", "00")]
    [InlineData("trailing_newline", "True")]
    public void Parse_AnotherForm_IsNamedAndNotRepeated(string name, string value)
    {
        var error = Assert.Throws<VerificationException>(
            () => PublishMetadata.Parse(new Dictionary<string, string>(Four) { [name] = value }, "object"));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IsMadeFrom_PartitionAndFingerprint_MustBothBeEqual()
    {
        var info = new ObjectInfo("k", 1, new ObjectStamp("s"), default);
        var active = new ActiveFile(info, "n", PublishMetadata.Parse(Four, "n") with { InputFingerprint = "f" });
        Assert.True(active.IsMadeFrom("ano=2025/mes=10", "f"));
        Assert.False(active.IsMadeFrom("ano=2025/mes=11", "f"));
        Assert.False(active.IsMadeFrom("ano=2025/mes=10", "g"));
        Assert.False(new ActiveFile(info, "n", null).IsMadeFrom("ano=2025/mes=10", "f"));
        Assert.False(new ActiveFile(info, "n", PublishMetadata.Parse(Four, "n")).IsMadeFrom("ano=2025/mes=10", "f"));
    }
}
