using System.Text.Json;
using IdExtractor.Cli.Places;
using IdExtractor.Cli.Tests.Hosting;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Cli.Tests.Processes;

/// <summary>Stage files as runs name them and as commands take them.</summary>
public sealed class StageFileTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private string Out => _scratch.PathOf("my out");

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("stage/x.gz", "s3://b/p/", "stage/x.gz")]
    [InlineData("s3://b/p/stage/x.gz", "s3://b/p/", "stage/x.gz")]
    [InlineData("s3://b/p/stage/x.gz", "s3://b/p", "stage/x.gz")]
    [InlineData("s3://b/pp/stage/x.gz", "s3://b/p", null)]
    [InlineData("s3://b/p/", "s3://b/p", null)]
    [InlineData("/out/stage/x.gz", "s3://b/p", null)]
    [InlineData("/out/stage/x.gz", "/out/", "stage/x.gz")]
    [InlineData("file:///out/stage/x.gz", "/out", "stage/x.gz")]
    [InlineData("/out/stage/x.gz", "file:///out/", "stage/x.gz")]
    [InlineData("/out/../out/stage/x.gz", "/out", "stage/x.gz")]
    [InlineData("./out/stage/x.gz", "out", "stage/x.gz")]
    [InlineData("./out/stage/x.gz", "./out/", "stage/x.gz")]
    [InlineData("../out/stage/x.gz", "../out", "stage/x.gz")]
    [InlineData("./stage/x.gz", ".", "stage/x.gz")]
    [InlineData("./stage/x.gz", "out", null)]
    [InlineData("./stage/x.gz", "s3://b/p", null)]
    [InlineData("/output/stage/x.gz", "/out", null)]
    [InlineData("/out", "/out", null)]
    public void KeyOf_KeyOrWholePlace_IsTheKey(string stage, string output, string? key)
    {
        if (key is null)
            Assert.Throws<UsageException>(() => StageFile.KeyOf(stage, output));
        else
            Assert.Equal(key, StageFile.KeyOf(stage, output));
    }

    [Fact]
    public void GuardStopsARun_MessageLogAndReport_NameTheStageFileAndTheCommandThatPublishesIt()
    {
        Assert.Equal(0, Extract().ExitCode);
        var outcome = Extract(
            "--max-ids", "3", "--report", _scratch.PathOf("run.json"), "--metrics", "emf", "--log", "json", "--max-drop-percent", "5");

        Assert.Equal(4, outcome.ExitCode);
        var kept = Directory.GetFiles(Path.Combine(Out, "stage"), "*.gz").Order(StringComparer.Ordinal).Last();
        using var report = JsonDocument.Parse(File.ReadAllText(_scratch.PathOf("run.json")));
        var advice = report.RootElement.GetProperty("error").GetProperty("advice").GetString()!;
        Assert.Contains(Path.GetFileName(kept), advice, StringComparison.Ordinal);
        Assert.Contains("stage.kept", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(216, report.RootElement.GetProperty("counters").GetProperty("previous_ids").GetInt64());
        Assert.Equal(0, report.RootElement.GetProperty("counters").GetProperty("drop_percent").GetDouble());
        using var metrics = JsonDocument.Parse(outcome.OutputLines[^1]);
        Assert.Equal(216, metrics.RootElement.GetProperty("PreviousIds").GetDouble());

        // The command of the message, as a shell takes it.
        var command = advice[advice.IndexOf("idextractor promote", StringComparison.Ordinal)..]["idextractor ".Length..];
        var promoted = CommandProcess.RunShell($"{CommandProcess.RealCommand()} {command}");
        Assert.Equal(0, promoted.ExitCode);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("pt-BR")]
    public void PreviousWithoutAnOlderFile_CommandOfTheMessage_ListsTheFiles(string language)
    {
        string[] keys = ["--stage-key", "kept files/x_YYYYMMDD_HHMMSS.gz", "--active-key", "now.gz"];
        Assert.Equal(0, Extract(keys).ExitCode);

        var outcome = CommandProcess.Run(["promote", "--output", Out, "--stage", "previous", "--lang", language, .. keys]);

        Assert.Equal(3, outcome.ExitCode);
        var message = outcome.ErrorLines[^1];
        var command = message[(message.IndexOf("idextractor history", StringComparison.Ordinal) + "idextractor ".Length)..];
        var listed = CommandProcess.RunShell($"{CommandProcess.RealCommand()} {command}");
        Assert.Equal((0, ""), (listed.ExitCode, listed.ErrorWithoutProgress));
        Assert.Matches(@"216 .*active +x_\d+_\d+\.gz", listed.Output);
    }

    [Fact]
    public void GuardAgainstOlderData_CommandOfTheMessage_LiftsIt()
    {
        Assert.Equal(0, Extract().ExitCode);
        File.Delete(Path.Combine(Out, "active", "latest.txt.gz.metadata.json"));
        var outcome = Extract();
        Assert.Equal(4, outcome.ExitCode);
        var message = outcome.ErrorLines[^1];
        var promoted = CommandProcess.RunShell(
            $"{CommandProcess.RealCommand()} {message[(message.IndexOf("idextractor promote", StringComparison.Ordinal) + "idextractor ".Length)..]}");
        Assert.Equal(0, promoted.ExitCode);
    }

    [Theory]
    [InlineData(0, "20251021")]
    [InlineData(0, "20251023")]
    [InlineData(4, "20251021")]
    [InlineData(4, "20251023")]
    [InlineData(30, "20251021")]
    [InlineData(30, "20251023")]
    public void SeveralGuardsStopARun_CommandOfTheMessage_LiftsAllOfThem(int ids, string partition)
    {
        Assert.Equal(0, Publish(10, "20251022", []).ExitCode);
        var guards = new Dictionary<string, string>
        {
            ["IDEXTRACTOR_MIN_IDS"] = "20",
            ["IDEXTRACTOR_MAX_IDS"] = "25",
            ["IDEXTRACTOR_MAX_DROP_PERCENT"] = "10",
        };
        var outcome = Publish(ids, partition, guards);
        Assert.Equal(4, outcome.ExitCode);
        AssertWorks(outcome, guards);
    }

    [Fact]
    public void OlderEmptyResult_FlagThatWasGiven_IsInTheCommand()
    {
        Assert.Equal(0, Publish(10, "20251022", []).ExitCode);
        var outcome = Publish(0, "20251021", [], "--allow-older");
        Assert.Equal(4, outcome.ExitCode);
        AssertWorks(outcome, []);
    }

    [Fact]
    public void PromotionOfThePrevious_StoppedByALimit_KeepsTheFlagThatWasGiven()
    {
        Assert.Equal(0, Publish(4, "20251021", []).ExitCode);
        Assert.Equal(0, Publish(10, "20251022", []).ExitCode);
        var limits = new Dictionary<string, string> { ["IDEXTRACTOR_MIN_IDS"] = "20" };
        var outcome = CommandProcess.Run(limits, "promote", "--output", Out, "--stage", "previous", "--allow-older");
        Assert.Equal(4, outcome.ExitCode);
        AssertWorks(outcome, limits);
    }

    [Theory]
    [InlineData("text", "  stage      ", "  active     ")]
    [InlineData("json", "\"stage\":\"", "\"active\":\"")]
    public void Verify_OfAStageFile_IsLabelledAsOne(string log, string label, string otherLabel)
    {
        Assert.Equal(0, Extract().ExitCode);
        var stage = Directory.GetFiles(Path.Combine(Out, "stage"), "*.gz").Single();
        foreach (var form in new[] { stage, "stage/" + Path.GetFileName(stage) })
        {
            var outcome = CommandProcess.Run("verify", "--output", Out, "--stage", form, "--log", log, "--log-level", "warn");
            Assert.Equal(0, outcome.ExitCode);
            Assert.Contains(label + stage, outcome.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(otherLabel, outcome.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void CustomKeys_NameAndPrevious_AreFound()
    {
        string[] keys = ["--stage-key", "audit/s_YYYYMMDD_HHMMSS.txt.gz", "--active-key", "live/now.txt.gz"];
        Assert.Equal(0, Publish(3, "20251021", [], keys).ExitCode);
        Assert.Equal(0, Publish(4, "20251022", [], keys).ExitCode);
        var older = Json(["history", "--output", Out, .. keys]).GetProperty("previous").GetString()!;
        foreach (var stage in new[] { "previous", Path.GetFileName(older) })
        {
            var verified = CommandProcess.Run(["verify", "--output", Out, "--stage", stage, .. keys]);
            Assert.Contains(older, verified.Output, StringComparison.Ordinal);
            var stopped = CommandProcess.Run(["promote", "--output", Out, "--stage", stage, .. keys]);
            Assert.True(stopped.ExitCode == 4, stopped.Error);
            Assert.Contains($"promote --stage {older} ", stopped.Error, StringComparison.Ordinal);
        }

        var promoted = CommandProcess.Run(["promote", "--output", Out, "--stage", "previous", "--allow-older", .. keys]);
        Assert.True(promoted.ExitCode == 0, promoted.Error);
        Assert.True(File.Exists(Path.Combine(Out, "live", "now.txt.gz")));
        Assert.False(Directory.Exists(Path.Combine(Out, "active")));
    }

    [Theory]
    [InlineData(".", "./my out/stage/")]
    [InlineData("my out", "../my out/stage/")]
    public void Verify_PathFromTheCurrentFolder_IsTaken(string folder, string path)
    {
        Assert.Equal(0, Publish(3, "20251022", []).ExitCode);
        var stage = path + Path.GetFileName(Directory.GetFiles(Path.Combine(Out, "stage"), "*.gz").Single());

        var outcome = CommandProcess.RunShell(
            $"cd '{_scratch.PathOf(folder)}' && {CommandProcess.RealCommand("verify", "--output", Out, "--stage", stage)}");

        Assert.True(outcome.ExitCode == 0, outcome.Error);
    }

    [Fact]
    public void History_ActiveFileWithoutStageFile_StillShowsWhenAndByWhichRunItWasMade()
    {
        Assert.Equal(0, Publish(3, "20251022", []).ExitCode);
        Directory.Delete(Path.Combine(Out, "stage"), recursive: true);

        Assert.Matches(
            @"\n  created 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d \(UTC\), run [a-z0-9]+\n",
            CommandProcess.Run("history", "--output", Out).Output);
        var active = Json("history", "--output", Out).GetProperty("active");
        Assert.Matches(@"^20\d\d-\d\d-\d\dT", active.GetProperty("created_at").GetString());
        Assert.Matches("^[a-z0-9]+$", active.GetProperty("run_id").GetString());
    }

    [Fact]
    public void History_NoActiveFile_IsNullInJson()
    {
        Assert.Equal(0, Publish(3, "20251022", []).ExitCode);
        Directory.Delete(Path.Combine(Out, "active"), recursive: true);

        Assert.Equal(JsonValueKind.Null, Json("history", "--output", Out).GetProperty("active").ValueKind);
    }

    [Fact]
    public void Log_InJson_WritesNumbersAsNumbers()
    {
        var outcome = Extract("--log", "json");
        var fields = outcome.ErrorLines.Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.TryGetProperty("fields", out _))
            .SelectMany(line => line.GetProperty("fields").EnumerateObject()).ToList();
        foreach (var name in new[] { "seconds", "value", "files", "bytes", "rows", "skipped" })
        {
            Assert.Contains(fields, field => field.Name == name);
            Assert.All(fields.Where(field => field.Name == name), field => Assert.Equal(JsonValueKind.Number, field.Value.ValueKind));
        }
    }

    /// <summary>Pastes the command that the last error ends with into a shell.</summary>
    private static void AssertWorks(CommandOutcome outcome, Dictionary<string, string> environment)
    {
        const string Program = "idextractor ";
        var message = outcome.ErrorLines[^1];
        var command = message[(message.IndexOf(Program + "promote", StringComparison.Ordinal) + Program.Length)..];
        var promoted = CommandProcess.RunShell($"{CommandProcess.RealCommand()} {command}", environment);
        Assert.True(promoted.ExitCode == 0, $"{command}: {promoted.Error}");
    }

    private static JsonElement Json(params string[] words) =>
        JsonDocument.Parse(CommandProcess.Run([.. words, "--json"]).Output).RootElement;

    private CommandOutcome Publish(int ids, string partition, Dictionary<string, string> environment, params string[] more)
    {
        var parts = Directory.CreateDirectory(_scratch.PathOf($"parts-{ids}")).FullName;
        File.WriteAllText(Path.Combine(parts, "part.csv"), "id\n" + string.Concat(Enumerable.Range(0, ids).Select(id => $"id-{id}\n")));
        return CommandProcess.Run(environment, ["publish", "--from", parts, "--output", Out, "--partition", $"d={partition}", .. more]);
    }

    private CommandOutcome Extract(params string[] more) =>
        CommandProcess.Run(
            [
                "extract", "--table-a", Path.Combine(Repository.Samples, "a"), "--table-b", Path.Combine(Repository.Samples, "b"),
                "--output", Out, .. more]);
}
