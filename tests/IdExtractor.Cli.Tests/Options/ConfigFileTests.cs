using IdExtractor.Cli.Options;
using IdExtractor.Cli.Tests.Hosting;
using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Cli.Tests.Options;

public sealed class ConfigFileTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Config_WithEveryKindOfValue_IsRead()
    {
        var file = _scratch.Write("job.json", """
            {
              "table-a": "a", "table-b": "b", "output": "o",
              "min-ids": 10, "max-ids": "20", "max-drop-percent": 12.5, "max-memory": 1073741824,
              "allow-older": true, "trailing-newline": false,
              "partition": "ano_mes_dia=20251022", "max-partition-age": "36h", "match": "concat",
              "stage": "stage/x", "json": true, "from": "elsewhere"
            }
            """);

        var settings = Gathered.Settings<ExtractionSettings>(["extract", "--config", file]);

        Assert.Equal((10, 20, 12.5), (settings.Guards.MinIds, settings.Guards.MaxIds, settings.Guards.MaxDropPercent));
        Assert.Equal((true, false), (settings.Guards.AllowOlder, settings.Layout.TrailingNewline));
        Assert.Equal(TimeSpan.FromHours(36), settings.MaxPartitionAge);
        Assert.Equal(MatchRule.Concat, settings.Match);
        Assert.Equal("ano_mes_dia=20251022", settings.PartitionB?.ToString());
    }

    [Fact]
    public void Config_WithAByteOrderMark_IsRead()
    {
        var file = _scratch.PathOf("job.json");
        File.WriteAllText(file, """{"id-column": "x"}""", new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        Assert.Equal("x", Gathered.Settings<ExtractionSettings>(Words.Extract("--config", file)).IdColumn);
    }

    [Theory]
    [InlineData("""{"min-idz": 1}""", "The config file {0} has the entry 'min-idz', which is no option; did you mean \"min-ids\"?")]
    [InlineData("""{"Min-Ids": 1}""", "The config file {0} has the entry 'Min-Ids', which is no option; did you mean \"min-ids\"?")]
    [InlineData("""{"--min-ids": 1}""", "The config file {0} has the entry '--min-ids', which is no option; did you mean \"min-ids\"?")]
    [InlineData("""{"config": "other.json"}""", "The config file {0} has the entry 'config', which is no option")]
    [InlineData("""{"frobnicate": 1}""", "The config file {0} has the entry 'frobnicate', which is no option")]
    [InlineData("""{"min-ids": 1, "min-ids": 2}""", "The config file {0} has the entry \"min-ids\" twice")]
    [InlineData("""{"min-ids": [1]}""", "The entry \"min-ids\" of config file {0} is an array; it takes a whole number, 0 or more")]
    [InlineData("""{"min-ids": {"a": 1}}""", "The entry \"min-ids\" of config file {0} is an object; it takes a whole number, 0 or more")]
    [InlineData("""{"min-ids": null}""", "The entry \"min-ids\" of config file {0} is null; it takes a whole number, 0 or more")]
    [InlineData("""{"min-ids": true}""", "The entry \"min-ids\" of config file {0} is a truth value; it takes a whole number, 0 or more")]
    [InlineData("""{"min-ids": 1.5}""", "--min-ids takes a whole number, 0 or more, not '1.5' (entry \"min-ids\" of config file {0})")]
    [InlineData("""{"table-a": 5}""",
        "The entry \"table-a\" of config file {0} is a number; it takes glue://database/table, s3://bucket/prefix/, file:///folder or a local path")]
    [InlineData("""{"allow-older": "true"}""",
        "The entry \"allow-older\" of config file {0} is a text; it takes true or false without quotes")]
    [InlineData("""{"allow-older": 1}""",
        "The entry \"allow-older\" of config file {0} is a number; it takes true or false without quotes")]
    [InlineData("""{"match": "fuzzy"}""", "--match takes pad or concat, not 'fuzzy' (entry \"match\" of config file {0})")]
    [InlineData("""{"id-column": ""}""", "--id-column takes a name, not '' (entry \"id-column\" of config file {0})")]
    [InlineData("[]", "The config file {0} is not a JSON object")]
    [InlineData("", "The config file {0} is not JSON: line 1, byte 0")]
    [InlineData("{\n\"min-ids\": x}", "The config file {0} is not JSON: line 2, byte 11")]
    [InlineData("""{"min-ids": 1""", "The config file {0} is not JSON: line 1, byte 13")]
    [InlineData("""{"min-ids": 1} 2""", "The config file {0} is not JSON: line 1, byte 15")]
    public void Config_Wrong_IsAUsageErrorThatNamesFileAndEntry(string content, string message)
    {
        var file = _scratch.Write("job.json", content);

        var error = Assert.Throws<UsageException>(() => Gathered.From(Words.Extract("--config", file)));

        Assert.Equal(message.Replace("{0}", file, StringComparison.Ordinal), error.ToLine());
    }

    [Fact]
    public void Config_WithTextThatIsNotUtf8_IsAUsageError()
    {
        var file = _scratch.PathOf("job.json");
        File.WriteAllBytes(file, [.. "{\"id-column\": \""u8, 0xff, 0xfe, .. "\"}"u8]);

        Assert.Contains(
            "is not JSON", Assert.Throws<UsageException>(() => Gathered.From(Words.Extract("--config", file))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Config_TooLong_IsAUsageError()
    {
        var file = _scratch.Write("job.json", new string(' ', (1 << 20) + 1));

        Assert.Contains(
            "is longer than 1048576 bytes", Assert.Throws<UsageException>(() => Gathered.From(Words.Extract("--config", file))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Config_ThatIsNotThere_IsAConfigurationError()
    {
        var outcome = CommandProcess.Run(Words.Extract("--config", _scratch.PathOf("none.json")));

        Assert.Equal(3, outcome.ExitCode);
        Assert.Equal(
            $"error: The config file does not exist: {_scratch.PathOf("none.json")}; check --config and IDEXTRACTOR_CONFIG\n",
            outcome.Error);
    }

    [Fact]
    public void Config_ThatIsAFolder_IsAConfigurationError()
    {
        var error = Assert.Throws<ConfigurationException>(() => Gathered.From(Words.Extract("--config", _scratch.Root)));

        Assert.Equal("The config file cannot be read", error.Message);
    }

    [Fact]
    public void Config_OfEveryOption_TakesTheFormsThatTheOptionTakes()
    {
        foreach (var option in OptionTable.All)
            Assert.True(option.IsFlag == (option.Form.Json == JsonForms.Boolean), option.Name);
    }
}
