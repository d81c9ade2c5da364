using System.Text.Json;
using System.Text.RegularExpressions;
using IdExtractor.Aws.S3;
using IdExtractor.Cli.Options;
using IdExtractor.Cli.Tests.Hosting;
using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Cli.Tests.Container;

/// <summary>
/// The job definitions of docs/aws-batch, checked against the program that they start and the image
/// that they start it in.
/// </summary>
public sealed partial class JobDefinitionTests
{
    public static TheoryData<string> Definitions => ["job-definition-fargate.json", "job-definition-spot.json"];

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Command_WithItsEnvironment_IsOneThatTheProgramTakes(string name)
    {
        var definition = Read(name);
        var environment = EnvironmentOf(definition);

        var settings = Gathered.Settings<ExtractionSettings>(CommandOf(definition), environment);

        Assert.Equal(
            ("glue://datalake/eligible", "glue://datalake/accounts", "s3://example-bucket/ids/"),
            (settings.TableA, settings.TableB, settings.Output));
        Assert.Equal(TimeSpan.FromDays(2), settings.MaxPartitionAge);
        Assert.All(environment.Keys, name => Assert.Null(MisspeltVariables.MeantBy(name)));
        var memory = long.Parse(Container(definition).GetProperty("resourceRequirements").EnumerateArray()
            .Single(item => item.GetProperty("type").GetString() == "MEMORY").GetProperty("value").GetString()!) << 20;
        Assert.InRange(settings.MaxMemory, 1, memory * 3 / 4);
    }

    [Theory]
    [MemberData(nameof(Definitions))]
    public void RetryStrategy_RetriesPassingTroubleAlone(string name)
    {
        var rules = Read(name).GetProperty("retryStrategy").GetProperty("evaluateOnExit").EnumerateArray().ToArray();

        var retried = rules.Where(rule => rule.GetProperty("action").GetString() == "RETRY").ToArray();
        Assert.Equal(
            [((int)ExitCode.Transient).ToString()],
            retried.Where(rule => rule.TryGetProperty("onExitCode", out _)).Select(rule => rule.GetProperty("onExitCode").GetString()));
        Assert.Equal(name.Contains("spot", StringComparison.Ordinal) ? ["Host EC2*"] : [], retried.Where(rule =>
            rule.TryGetProperty("onStatusReason", out _)).Select(rule => rule.GetProperty("onStatusReason").GetString()));

        // Batch applies the first rule that matches, and retries when none does.
        Assert.Equal("""{"onReason":"*","action":"EXIT"}""", JsonSerializer.Serialize(rules[^1]));
    }

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Container_IsTheOneThatTheDockerfileMakes(string name)
    {
        var dockerfile = File.ReadAllText(Path.Combine(Repository.Root, "Dockerfile"));
        var container = Container(Read(name));

        Assert.Equal(UserLine().Match(dockerfile).Groups[1].Value, container.GetProperty("user").GetString());
        Assert.True(container.GetProperty("readonlyRootFilesystem").GetBoolean());
        var writable = container.TryGetProperty("mountPoints", out var mounts)
            ? mounts.EnumerateArray().Select(mount => mount.GetProperty("containerPath").GetString())
            : container.GetProperty("linuxParameters")
                .GetProperty("tmpfs")
                .EnumerateArray()
                .Select(mount => mount.GetProperty("containerPath").GetString());
        Assert.Equal([VolumeLine().Match(dockerfile).Groups[1].Value], writable);
        Assert.EndsWith(
            ":" + VersionLine().Match(dockerfile).Groups[1].Value, container.GetProperty("image").GetString(), StringComparison.Ordinal);
        Assert.Contains(
            $"<Version>{VersionLine().Match(dockerfile).Groups[1].Value}</Version>",
            File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props")), StringComparison.Ordinal);
    }

    [Fact]
    public void Page_NamesOptionsAndVariablesThatThereAre()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "aws-batch.md"));

        string[] others = [S3Sizes.Variable];
        Assert.All(
            VariableName().Matches(page).Select(match => match.Value).Except(others),
            name => Assert.Contains(OptionTable.All, option => option.Variable == name));
        Assert.All(
            OptionName().Matches(page).Select(match => match.Groups[1].Value),
            name => Assert.Contains(OptionTable.All, option => option.Name == name));
    }

    private static JsonElement Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", "aws-batch", name)));
        return document.RootElement.Clone();
    }

    private static JsonElement Container(JsonElement definition) => definition.GetProperty("containerProperties");

    /// <summary>The command as Batch starts it: <c>Ref::name</c> stands for a parameter.</summary>
    private static string[] CommandOf(JsonElement definition)
    {
        const string Reference = "Ref::";
        return
        [
            .. Container(definition).GetProperty("command").EnumerateArray().Select(word => word.GetString()!)
                .Select(
                    word => word.StartsWith(Reference, StringComparison.Ordinal)
                        ? definition.GetProperty("parameters").GetProperty(word[Reference.Length..]).GetString()!
                        : word),
        ];
    }

    private static Dictionary<string, string> EnvironmentOf(JsonElement definition) =>
        Container(definition)
            .GetProperty("environment")
            .EnumerateArray()
            .ToDictionary(entry => entry.GetProperty("name").GetString()!, entry => entry.GetProperty("value").GetString()!);

    [GeneratedRegex(@"^USER (\S+)$", RegexOptions.Multiline)]
    private static partial Regex UserLine();

    [GeneratedRegex(@"^VOLUME (\S+)$", RegexOptions.Multiline)]
    private static partial Regex VolumeLine();

    [GeneratedRegex(@"^ARG VERSION=(\S+)$", RegexOptions.Multiline)]
    private static partial Regex VersionLine();

    [GeneratedRegex(@"IDEXTRACTOR_[A-Z0-9_]*[A-Z]")]
    private static partial Regex VariableName();

    [GeneratedRegex("`--(?!version`)([a-z][a-z-]+)")]
    private static partial Regex OptionName();
}
