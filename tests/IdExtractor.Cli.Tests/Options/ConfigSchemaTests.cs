using System.Text.Json;
using IdExtractor.Cli.Tests.Hosting;
using IdExtractor.Core.History;
using IdExtractor.Core.Job;

namespace IdExtractor.Cli.Tests.Options;

/// <summary>What the documents offer for config files.</summary>
public sealed class ConfigSchemaTests
{
    private static string Documents => Path.Combine(Repository.Root, "docs", "use");

    [Fact]
    public void Schema_InTheDocuments_IsThatOfTheTable()
    {
        var made = Path.Combine(Path.GetTempPath(), "idextractor.config.schema.json");
        File.WriteAllText(made, ConfigSchema.Write());
        Assert.True(
            ConfigSchema.Write() == File.ReadAllText(Path.Combine(Documents, "config.schema.json")),
            $"copy {made} to docs/use/config.schema.json");
    }

    [Fact]
    public void Sample_InTheDocuments_IsTakenAndMatchesTheSchema()
    {
        var path = Path.Combine(Documents, "config.sample.json");

        var extraction = Gathered.Settings<ExtractionSettings>(["extract", "--config", path]);
        var prune = Gathered.Settings<PruneSettings>(["prune", "--config", path]);

        Assert.Equal((1000L, 30.0), (extraction.Guards.MinIds, extraction.Guards.MaxDropPercent));
        Assert.Equal((14, 30), (prune.KeepVersions, prune.KeepDays));
        using var schema = JsonDocument.Parse(ConfigSchema.Write());
        using var sample = JsonDocument.Parse(
            File.ReadAllText(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        var properties = schema.RootElement.GetProperty("properties");
        foreach (var entry in sample.RootElement.EnumerateObject())
            Assert.True(properties.TryGetProperty(entry.Name, out _), entry.Name);
    }
}
