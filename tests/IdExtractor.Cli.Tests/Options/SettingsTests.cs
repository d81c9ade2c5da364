using System.Globalization;
using IdExtractor.Aws.Connection;
using IdExtractor.Cli.Commands;
using IdExtractor.Cli.Options;
using IdExtractor.Cli.Tests.Hosting;
using IdExtractor.Core.Job;
using IdExtractor.Core.Promote;
using IdExtractor.Display;

namespace IdExtractor.Cli.Tests.Options;

/// <summary>The settings that the engine gets for a command line.</summary>
public sealed class SettingsTests
{
    [Fact]
    public void Extract_WithNothingMore_HasTheDefaultsOfTheProduct()
    {
        var expected = new ExtractionSettings { TableA = "people/", TableB = "accounts/", Output = "out/" };

        Assert.Equal(expected, Gathered.Settings<ExtractionSettings>(Words.Extract()));
    }

    [Theory]
    [InlineData("key-column", "documento")]
    [InlineData("id-column", "id")]
    [InlineData("on-empty-partition", "fail")]
    [InlineData("match", "pad")]
    [InlineData("key-width", "14")]
    [InlineData("on-bad-cpf", "reject")]
    [InlineData("max-rejected-percent", "50")]
    [InlineData("on-null-id", "fail")]
    [InlineData("active-key", "active/latest.txt.gz")]
    [InlineData("gzip-level", "6")]
    [InlineData("max-memory", "1GiB")]
    public void Default_OfTheHelp_IsThatOfTheProduct(string name, string text)
    {
        Assert.Equal(text, OptionTable.All.First(option => option.Name == name).Default);

        Assert.Equal(
            Gathered.Settings<ExtractionSettings>(Words.Extract()),
            Gathered.Settings<ExtractionSettings>(Words.Extract("--" + name, text)));
    }

    [Fact]
    public void Extract_WithEverything_TellsTheEngineEverything()
    {
        var settings = Gathered.Settings<ExtractionSettings>(
        [
            "extract", "--table-a", "glue://db/a", "--table-b", "s3://b/t/", "--output", "file:///out", "--key-column-a", "cpf",
            "--key-column-b", "doc", "--id-column", "conta",
            "--partition", "ano=2025/mes=10", "--partition-a", "dia=1", "--max-partition-age", "2d", "--on-empty-partition", "previous",
            "--key-width", "11", "--on-bad-cpf", "fail",
            "--max-rejected-percent", "12.5%", "--allow-future-partition", "--on-null-id", "drop", "--stage-key", "s/x", "--active-key",
            "a/y", "--trailing-newline", "--gzip-level", "9", "--min-ids", "1", "--max-ids", "2", "--max-drop-percent", "3%",
            "--allow-older", "--skip-if-current", "--threads", "4", "--max-memory", "512MiB",
        ]);

        Assert.Equal("ano=2025/mes=10", settings.PartitionB?.ToString());
        Assert.Equal("dia=1", settings.PartitionA?.ToString());
        Assert.Equal(
            new ExtractionSettings
            {
                TableA = "glue://db/a",
                TableB = "s3://b/t/",
                Output = "file:///out",
                KeyColumnA = "cpf",
                KeyColumnB = "doc",
                IdColumn = "conta",
                PartitionA = settings.PartitionA,
                PartitionB = settings.PartitionB,
                MaxPartitionAge = TimeSpan.FromDays(2),
                OnEmptyPartition = EmptyPartitionPolicy.Previous,
                KeyWidth = 11,
                OnBadCpf = BadCpfPolicy.Fail,
                MaxRejectedPercent = 12.5,
                AllowFuturePartition = true,
                OnNullId = NullIdPolicy.Drop,
                Layout = new OutputSettings { StageKey = "s/x", ActiveKey = "a/y", TrailingNewline = true, GzipLevel = 9 },
                Guards = new PublishGuards { MinIds = 1, MaxIds = 2, MaxDropPercent = 3, AllowOlder = true },
                SkipIfCurrent = true,
                Threads = 4,
                MaxMemory = 512L << 20,
            },
            settings);
    }

    [Fact]
    public void Extract_MatchAndEmpty_ReachTheEngine()
    {
        var settings = Gathered.Settings<ExtractionSettings>(Words.Extract("--match", "concat", "--allow-empty", "--key-column", "cpf"));

        Assert.Equal(
            (MatchRule.Concat, true, "cpf", "cpf"), (settings.Match, settings.Guards.AllowEmpty, settings.KeyColumnA, settings.KeyColumnB));
    }

    [Fact]
    public void Plan_HasNoOutput()
    {
        var settings = Gathered.Settings<ExtractionSettings>(["plan", "--table-a", "a", "--table-b", "b", "--threads", "3"]);

        Assert.Null(settings.Output);
        Assert.Equal(3, settings.Threads);
    }

    [Theory]
    [InlineData("", "active/latest.txt.gz")]
    [InlineData("--active-key a/b", "a/b")]
    [InlineData("--stage stage/x", "stage/x")]
    [InlineData("--stage stage/x --active-key a/b", "stage/x")]
    public void Verify_ChecksTheActiveFileUnlessAStageFileIsNamed(string words, string key)
    {
        var settings = Gathered.Settings<VerifySettings>(
            ["verify", "--output", "o", .. words.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal((key, words.Contains("--stage", StringComparison.Ordinal)), (settings.Key, settings.IsStage));
        Assert.Equal(words.Contains("--active-key", StringComparison.Ordinal) ? "a/b" : "active/latest.txt.gz", settings.Layout.ActiveKey);
    }

    [Fact]
    public void Promote_WithEverything_TellsTheEngineEverything()
    {
        var settings = Gathered.Settings<PromoteSettings>(
            [
                "promote", "--output", "o", "--stage", "stage/x", "--stage-key", "s/x", "--active-key", "a/b", "--allow-older",
                "--max-drop-percent", "50",
            ]);

        Assert.Equal(
            new PromoteSettings
            {
                Output = "o",
                StageKey = "stage/x",
                Layout = new OutputSettings { ActiveKey = "a/b", StageKey = "s/x" },
                Guards = new PublishGuards { AllowOlder = true, MaxDropPercent = 50 }
            },
            settings);
    }

    [Fact]
    public void Promote_CommandOfAMessage_IsReadAsItWasMeantWhateverTheEnvironmentHas()
    {
        var environment = new Dictionary<string, string>
        {
            ["IDEXTRACTOR_MIN_IDS"] = "20",
            ["IDEXTRACTOR_MAX_IDS"] = "30",
            ["IDEXTRACTOR_MAX_DROP_PERCENT"] = "5",
        };
        PublishGuards[] combinations =
        [
            .. from limits in new[] { (0, 30, 5.0), (0, 0, 100.0), (0, 30, 0.000001), (0, 5_000_000_000, 44.0) }
               from isEmptyAllowed in new[] { false, true }
               from isOlderAllowed in new[] { false, true }
               select new PublishGuards
               {
                   MinIds = limits.Item1,
                   MaxIds = limits.Item2,
                   MaxDropPercent = limits.Item3,
                   AllowEmpty = isEmptyAllowed,
                   AllowOlder = isOlderAllowed,
               },
        ];
        foreach (var guards in combinations)
        {
            var layout = new OutputSettings { ActiveKey = "a/b" };
            var command = PromoteCommandLine.Of("/o", "stage/x", layout, guards, []);
            var settings = Gathered.Settings<PromoteSettings>(command.Split(' ')[1..], environment);
            Assert.Equal(new PromoteSettings { Output = "/o", StageKey = "stage/x", Layout = layout, Guards = guards }, settings);
        }
    }

    [Theory]
    [InlineData("extract --table-a a --table-b b", "")]
    [InlineData("publish --from f", "")]
    [InlineData("promote --stage x", "")]
    [InlineData("history", "--config {0} ")]
    public void PromoteOptions_OfARun_AreThoseThatItsOutputNeeds(string command, string config)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, """{ "region": "sa-east-1" }""");
        try
        {
            var values = Gathered.From(
                [
                    .. command.Split(' '), "--output", "s3://b/o", "--config", file, "--endpoint-url", "http://localhost:9000/",
                    "--active-key", "active/latest.txt.gz", "--stage-key", "s/x_YYYYMMDD_HHMMSS", "--min-ids", "3", "--json",
                ],
                new()
                {
                    ["IDEXTRACTOR_PATH_STYLE"] = "1",
                    ["IDEXTRACTOR_REQUEST_PAYER"] = "false",
                    ["IDEXTRACTOR_ASSUME_ROLE"] = "arn:aws:iam::123456789012:role/r",
                });
            Assert.Equal(
                "--stage-key s/x_YYYYMMDD_HHMMSS --active-key active/latest.txt.gz "
                    + string.Format(CultureInfo.InvariantCulture, config, file)
                    + "--region sa-east-1 --endpoint-url http://localhost:9000/ --path-style --request-payer false"
                    + " --assume-role arn:aws:iam::123456789012:role/r",
                string.Join(' ', PromoteCommand.OptionsFor(values)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void PromoteOptions_EndpointWithAPath_IsNotPrinted()
    {
        var values = Gathered.From(["promote", "--stage", "x", "--output", "s3://b/o", "--endpoint-url", "http://localhost/token"]);
        Assert.Equal(["--endpoint-url", "\"$IDEXTRACTOR_ENDPOINT_URL\""], PromoteCommand.OptionsFor(values));
    }

    [Fact]
    public void Publish_WithEverything_TellsTheEngineEverything()
    {
        var settings = Gathered.Settings<PublishSettings>(
        [
            "publish", "--from", "parts", "--output", "o", "--partition", "d=1", "--id-column", "c", "--on-null-id", "drop", "--stage-key",
            "s/x", "--trailing-newline", "--gzip-level", "1",
            "--min-ids", "5", "--skip-if-current", "--threads", "2", "--max-memory", "64MiB",
        ]);

        Assert.Equal("d=1", settings.Partition?.ToString());
        Assert.Equal(
            new PublishSettings
            {
                From = "parts",
                Output = "o",
                Partition = settings.Partition,
                IdColumn = "c",
                OnNullId = NullIdPolicy.Drop,
                Layout = new OutputSettings { StageKey = "s/x", TrailingNewline = true, GzipLevel = 1 },
                Guards = new PublishGuards { MinIds = 5 },
                SkipIfCurrent = true,
                Threads = 2,
                MaxMemory = 64L << 20,
            },
            settings);
    }

    [Fact]
    public void Aws_WithEverything_IsRead()
    {
        var settings = AwsOptions.From(Gathered.From(Words.Extract(
            "--region", "sa-east-1", "--endpoint-url", "http://localhost:5002", "--path-style", "--request-payer", "--sse", "aws:kms:dsse",
            "--kms-key-id", "alias/ids",
            "--expected-bucket-owner", "123456789012", "--assume-role", "arn:aws:iam::123456789012:role/r", "--catalog-id",
            "210987654321")));

        Assert.Equal(
            new AwsSettings
            {
                Region = "sa-east-1",
                EndpointUrl = "http://localhost:5002",
                PathStyle = true,
                RequestPayer = true,
                Encryption = ServerSideEncryption.KmsDualLayer,
                KmsKeyId = "alias/ids",
                ExpectedBucketOwner = "123456789012",
                AssumeRole = "arn:aws:iam::123456789012:role/r",
                CatalogId = "210987654321",
            },
            settings);
    }

    [Theory]
    [InlineData("", ServerSideEncryption.BucketDefault)]
    [InlineData("--sse AES256", ServerSideEncryption.Aes256)]
    [InlineData("--sse aws:kms", ServerSideEncryption.Kms)]
    [InlineData("--kms-key-id k", ServerSideEncryption.Kms)]
    public void Aws_Encryption_FollowsFromWhatIsGiven(string words, object expected) =>
        Assert.Equal(
            expected, AwsOptions.From(Gathered.From(Words.Extract(words.Split(' ', StringSplitOptions.RemoveEmptyEntries)))).Encryption);

    [Theory]
    [InlineData("", LogFormat.Text, LogLevel.Warn, false)]
    [InlineData("--log json", LogFormat.Json, LogLevel.Info, true)]
    [InlineData("--log json --log-level error", LogFormat.Json, LogLevel.Error, true)]
    [InlineData("--log-level debug", LogFormat.Text, LogLevel.Debug, false)]
    public void Telling_LevelAndResult_FollowTheFormat(string words, object format, object level, bool jsonResult)
    {
        var telling = TellingSettings.From(Gathered.From(Words.Extract(words.Split(' ', StringSplitOptions.RemoveEmptyEntries))));

        Assert.Equal((format, level, jsonResult), ((object)telling.Format, telling.Level, telling.JsonResult));
    }

    [Fact]
    public void Table_OfOptions_HoldsEachNameOnceACommand()
    {
        foreach (var command in CommandTable.All)
        {
            var names = OptionTable.Of(command.Set).Select(option => option.Name).ToArray();
            Assert.Equal(names.Length, names.Distinct().Count());
        }
    }
}
