using IdExtractor.Cli.Options;
using IdExtractor.Cli.Tests.Hosting;
using IdExtractor.Core.Job;

namespace IdExtractor.Cli.Tests.Options;

/// <summary>
/// The command line takes precedence over the environment, and the environment over the config
/// file.
/// </summary>
public sealed class PrecedenceTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(false, false, false, "id")]
    [InlineData(false, false, true, "from_config")]
    [InlineData(false, true, false, "from_environment")]
    [InlineData(false, true, true, "from_environment")]
    [InlineData(true, false, true, "from_line")]
    [InlineData(true, true, false, "from_line")]
    [InlineData(true, true, true, "from_line")]
    public void Value_OfSeveralSources_IsThatOfTheFirst(bool line, bool environment, bool config, string expected)
    {
        var file = _scratch.Write("job.json", config ? """{"id-column": "from_config"}""" : "{}");
        var variables = environment ? new Dictionary<string, string> { ["IDEXTRACTOR_ID_COLUMN"] = "from_environment" } : [];
        string[] typed = line ? ["--id-column", "from_line"] : [];

        var settings = Gathered.Settings<ExtractionSettings>(Words.Extract(["--config", file, .. typed]), variables);

        Assert.Equal(expected, settings.IdColumn);
    }

    [Theory]
    [InlineData("--allow-older=false", false)]
    [InlineData("--allow-older", true)]
    public void Flag_OfTheCommandLine_OverrulesTheOthers(string typed, bool expected)
    {
        var file = _scratch.Write("job.json", """{"allow-older": true}""");

        var settings = Gathered.Settings<ExtractionSettings>(
            Words.Extract("--config", file, typed), new() { ["IDEXTRACTOR_ALLOW_OLDER"] = expected ? "0" : "1" });

        Assert.Equal(expected, settings.Guards.AllowOlder);
    }

    [Fact]
    public void Config_NamedByTheEnvironment_IsRead()
    {
        var file = _scratch.Write("job.json", """{"table-a": "a", "table-b": "b", "output": "o", "min-ids": 7}""");

        var settings = Gathered.Settings<ExtractionSettings>(["extract"], new() { ["IDEXTRACTOR_CONFIG"] = file });

        Assert.Equal(("a", "b", "o", 7), (settings.TableA, settings.TableB, settings.Output, settings.Guards.MinIds));
    }

    [Fact]
    public void Config_NamedTwice_IsThatOfTheCommandLine()
    {
        var file = _scratch.Write("job.json", """{"id-column": "right"}""");

        var settings = Gathered.Settings<ExtractionSettings>(
            Words.Extract("--config", file), new() { ["IDEXTRACTOR_CONFIG"] = _scratch.PathOf("none.json") });

        Assert.Equal("right", settings.IdColumn);
    }

    [Fact]
    public void Environment_AnEmptyVariable_CountsAsNotSet()
    {
        var settings = Gathered.Settings<ExtractionSettings>(
            Words.Extract(), new() { ["IDEXTRACTOR_PARTITION"] = "", ["IDEXTRACTOR_MIN_IDS"] = "" });

        Assert.Null(settings.PartitionB);
        Assert.Null(settings.Guards.MinIds);
    }

    [Fact]
    public void Environment_OfAnotherCommand_IsIgnored()
    {
        var settings = Gathered.Settings<VerifySettings>(["verify", "--output", "o"], new() { ["IDEXTRACTOR_MIN_IDS"] = "no number" });

        Assert.Equal("active/latest.txt.gz", settings.Key);
    }

    [Fact]
    public void KeyColumn_OfOneTable_OverrulesThatOfBothWhereverItComesFrom()
    {
        var settings = Gathered.Settings<ExtractionSettings>(
            Words.Extract("--key-column", "both"), new() { ["IDEXTRACTOR_KEY_COLUMN_B"] = "nr_documento" });

        Assert.Equal(("both", "nr_documento"), (settings.KeyColumnA, settings.KeyColumnB));
    }

    [Fact]
    public void Variable_OfEveryOption_IsItsNameInCapitals()
    {
        Assert.Equal("IDEXTRACTOR_TABLE_A", OptionTable.TableA.Variable);
        Assert.All(OptionTable.All, option => Assert.Matches("^IDEXTRACTOR_[A-Z_]+$", option.Variable));
    }

    [Theory]
    [InlineData("IDEXTRACTOR_TABEL_A", "IDEXTRACTOR_TABLE_A")]
    [InlineData("IDEXTRACTOR_MAX_DROP", "IDEXTRACTOR_MAX_DROP_PERCENT")]
    [InlineData("IDEXTRACTOR_MIN_IDS_B", "IDEXTRACTOR_MIN_IDS")]
    [InlineData("IDEXTRACTOR_IDS_MAX", "IDEXTRACTOR_MAX_IDS")]
    [InlineData("IDEXTRACTOR_OLDER_ALLOW", "IDEXTRACTOR_ALLOW_OLDER")]
    [InlineData("IDEXTRACTOR_MAX_DROP_PCT", "IDEXTRACTOR_MAX_DROP_PERCENT")]
    [InlineData("IDEXTRACTOR_DROP_PERCENT", "IDEXTRACTOR_MAX_DROP_PERCENT")]
    [InlineData("IDEXTRACTOR_MAXIMUM_DROP", "IDEXTRACTOR_MAX_DROP_PERCENT")]
    [InlineData("IDEXTRACTOR_MINIMUM_IDS", "IDEXTRACTOR_MIN_IDS")]
    [InlineData("IDEXTRACTOR_GUARD_MIN_IDS", "IDEXTRACTOR_MIN_IDS")]
    [InlineData("IDEXTRACTOR_PARTITION_MAX_AGE", "IDEXTRACTOR_MAX_PARTITION_AGE")]
    [InlineData("IDEXTRACTOR_min_ids", "IDEXTRACTOR_MIN_IDS")]
    [InlineData("idextractor_min_ids", "IDEXTRACTOR_MIN_IDS")]
    [InlineData("IDEXTRACTOR_PARTITION_AGE", "IDEXTRACTOR_MAX_PARTITION_AGE")]
    [InlineData("IDEXTRATOR_MIN_IDS", "IDEXTRACTOR_MIN_IDS")]
    [InlineData("ID_EXTRACTOR_MIN_IDS", "IDEXTRACTOR_MIN_IDS")]
    [InlineData("IDEXTRACT_MAX_DROP_PERCENT", "IDEXTRACTOR_MAX_DROP_PERCENT")]
    [InlineData("idextrator_max_ids", "IDEXTRACTOR_MAX_IDS")]
    [InlineData("IDE_MIN_IDS", null)]
    [InlineData("IDEXTRACTORS_CONFIGURATION", null)]
    [InlineData("IDENTITY_ENDPOINT", null)]
    [InlineData("IDEXTRACTOR_SERVICE_PORT_HTTPS", null)]
    [InlineData("IDEXTRACTOR_PORT_443_TCP_ADDR", null)]
    [InlineData("IDEXTRACTOR_MIN_IDS", null)]
    [InlineData("IDEXTRACTOR_UNRELATED_THING", null)]
    [InlineData("IDEXTRACTOR_MAX", null)]
    [InlineData("MIN_IDSS", null)]
    [InlineData("PATH", null)]
    public void MeantBy_AVariable_IsTheOptionThatItResembles(string variable, string? meant) =>
        Assert.Equal(meant, MisspeltVariables.MeantBy(variable));

    [Theory]
    [InlineData("KERNEL")]
    [InlineData("S3_SIZES")]
    [InlineData("ZSTD")]
    [InlineData("CASES")]
    [InlineData("NATIVE")]
    [InlineData("PROGRAM")]
    [InlineData("JOBS")]
    [InlineData("KILLS")]
    [InlineData("PEERS")]
    [InlineData("PYTHON")]
    [InlineData("SPARK")]
    [InlineData("SEED")]
    [InlineData("FUZZ_SEED")]
    [InlineData("FUZZ_SECONDS")]
    [InlineData("EXPECT_ISA")]
    [InlineData("CONFORMANCE")]
    [InlineData("HINT_FILES")]
    [InlineData("TWIN_TABLES")]
    [InlineData("DUCKDB_TABLES")]
    [InlineData("REQUIRE_EMULATOR")]
    [InlineData("REQUIRE_CONTAINER")]
    [InlineData("REQUIRE_SPARK")]
    public void MeantBy_AVariableOfTheProgramOrItsTests_IsNone(string name) =>
        Assert.Null(MisspeltVariables.MeantBy("IDEXTRACTOR_" + name));
}
