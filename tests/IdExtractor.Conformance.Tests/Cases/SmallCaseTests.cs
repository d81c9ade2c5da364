using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using IdExtractor.Testing.Programs;

namespace IdExtractor.Conformance.Tests.Cases;

/// <summary>
/// The small set of found faults: a file of steps for each kind in the folder <c>Small</c>, on the
/// samples of the repository. Needs nothing but a shell.
/// </summary>
/// <remarks>
/// A step: <c>before</c>, a line for the shell that must succeed; <c>run</c>, arguments;
/// <c>redirect</c> and <c>limit</c> for the shell; <c>trace</c>, what strace injects; and what must
/// come out: <c>exit</c>, <c>active</c> (<c>unchanged</c>, <c>absent</c>), <c>stdout_has</c>,
/// <c>stdout_lacks</c>, <c>stderr_has</c>, <c>stderr_lacks</c>, <c>stderr_matches</c>.
/// <c>{stage}</c> is the first stage file. With <c>store</c>, tables and output are in a store that
/// behaves in that way (<see cref="CaseStore"/>): <c>{store}</c> is the options that name them,
/// <c>{out-of-store}</c> those for the output alone.
/// </remarks>
public sealed class SmallCaseTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);
    private static readonly string s_samples = Path.Combine(RepositoryRoot.Path, "samples");

    private readonly string _folder = Directory.CreateTempSubdirectory("idextractor-case-").FullName;

    public static TheoryData<string> Kinds =>
        [.. Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(RepositoryRoot.Path, "tests", "IdExtractor.Conformance.Tests", "Cases", "Small");

    private readonly Lazy<CaseStore> _store = new(() => new CaseStore(s_samples));

    private string Active => Path.Combine(_folder, "out", "active", "latest.txt.gz");

    public void Dispose()
    {
        if (_store.IsValueCreated)
            _store.Value.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Small_Kinds_AreThoseOfTheWholeSet() => Assert.Equal(
        [
            "archived-objects", "credentials", "endpoint-and-region", "file-names", "guards", "inputs-as-outputs", "list-of-cpfs",
            "listings-that-lie", "log", "messages", "output-check", "parquet-footer", "parquet-hints", "partitions", "placeholders",
            "privacy", "promotion", "publish-parts", "redirects", "replies-that-lie", "report-file", "slow-replies", "standard-streams",
            "store-differences", "system-limits", "table-format", "verify",
        ],
        Kinds.Cast<object[]>().Select(row => (string)row[0]));

    [ShellTheory]
    [MemberData(nameof(Kinds))]
    public async Task Program_StepsOfAKind_EndAsTheyMust(string kind)
    {
        using var steps = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(Folder, kind + ".json")));
        foreach (var (step, index) in steps.RootElement.EnumerateArray().Select((step, index) => (step, index)))
        {
            if (Text(step, "needs") == "strace"
                && Environment.GetEnvironmentVariable("CI") != "true"
                && (await ShellAsync("strace -qq -o /dev/null true")).ExitCode != 0)
                return;
            await CheckAsync(step, $"{kind}, step {index + 1}");
        }
    }

    private async Task CheckAsync(JsonElement step, string where)
    {
        if (Text(step, "before") is { } before)
        {
            var prepared = await ShellAsync(Fill(before));
            Assert.True(prepared.ExitCode == 0, $"{where}: what comes before fails: {prepared.Said}");
        }

        var storeName = Text(step, "store");
        if (storeName is not null)
            _store.Value.Behave(storeName);
        var hash = Hash();
        var program = string.Join(' ', TestedProgram.Command("idextractor").Select(word => $"'{word}'"));
        var trace = Text(step, "trace") is { } injected
            ? $"strace -f -qq -o /dev/null -e trace={injected.Split(':')[0]} -e inject={injected} "
            : "";
        var end = await ShellAsync(
            $"{(storeName is null ? "true" : CaseStore.Variables)}; {Text(step, "limit") ?? "true"}; exec {trace}{program} {Fill(Text(step, "run")!)} {Text(step, "redirect")}");

        var said = $"{where}: exit code {end.ExitCode}; it said: {end.Said}";
        Assert.True(step.GetProperty("exit").GetInt32() == end.ExitCode, said);
        if (storeName is not null)
            Assert.True(_store.Value.RequestsElsewhere == 0 && _store.Value.Requests > 0, $"{where}: the requests went elsewhere");
        if (Text(step, "active") is { } state)
            Assert.True(state == "absent" ? Hash() is null : Hash() == hash, $"{where}: the active file is not {state}");
        Assert.All(
            Texts(step, "stdout_has"),
            text => Assert.True(end.Output.Contains(text, StringComparison.Ordinal), $"no '{text}' on stdout; {said}"));
        Assert.All(
            Texts(step, "stdout_lacks"),
            text => Assert.False(end.Output.Contains(text, StringComparison.Ordinal), $"'{text}' on stdout; {said}"));
        Assert.All(
            Texts(step, "stderr_has"),
            text => Assert.True(end.Error.Contains(text, StringComparison.Ordinal), $"no '{text}' on stderr; {said}"));
        Assert.All(
            Texts(step, "stderr_lacks"),
            text => Assert.False(end.Error.Contains(text, StringComparison.Ordinal), $"'{text}' on stderr; {said}"));
        Assert.All(
            Texts(step, "stderr_matches"),
            pattern => Assert.True(Regex.IsMatch(end.Error, pattern), $"no match for {pattern} on stderr; {said}"));
    }

    private Task<ProcessEnd> ShellAsync(string line) => ChildProcess.RunAsync("bash", ["-c", line], s_limit, _folder);

    private string Fill(string text)
    {
        text = text.Replace(
            "{tables}", "--table-a {samples}/a --table-b {samples}/b", StringComparison.Ordinal).Replace("{samples}", $"'{s_samples}'",
            StringComparison.Ordinal)
            .Replace("{out}", Path.Combine(_folder, "out"), StringComparison.Ordinal);
        if (text.Contains("{store}", StringComparison.Ordinal))
            text = text.Replace("{store}", _store.Value.Options, StringComparison.Ordinal);
        if (text.Contains("{out-of-store}", StringComparison.Ordinal))
            text = text.Replace("{out-of-store}", _store.Value.OutputOptions, StringComparison.Ordinal);
        if (text.Contains("{stage}", StringComparison.Ordinal))
            text = text.Replace(
                "{stage}", Directory.GetFiles(Path.Combine(_folder, "out", "stage"), "*.gz").Order(StringComparer.Ordinal).First(),
                StringComparison.Ordinal);
        return text;
    }

    private string? Hash()
    {
        var bytes = _store.IsValueCreated ? _store.Value.Active : File.Exists(Active) ? File.ReadAllBytes(Active) : null;
        return bytes is null ? null : Convert.ToHexString(SHA256.HashData(bytes));
    }

    private static string? Text(JsonElement step, string name) => step.TryGetProperty(name, out var text) ? text.GetString() : null;

    private static IEnumerable<string> Texts(JsonElement step, string name) =>
        step.TryGetProperty(name, out var texts) ? texts.EnumerateArray().Select(text => text.GetString()!) : [];

    /// <summary>A theory that needs a Unix shell.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class ShellTheoryAttribute : TheoryAttribute
    {
        public ShellTheoryAttribute() => Skip = OperatingSystem.IsLinux() ? null : "needs bash and /dev/full";
    }
}
