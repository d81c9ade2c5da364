using IdExtractor.Cli.Commands;
using IdExtractor.Cli.Completions;
using IdExtractor.Cli.Options;
using IdExtractor.Cli.Tests.Hosting;
using IdExtractor.Phrases;

namespace IdExtractor.Cli.Tests.Processes;

/// <summary>The completion scripts, executed by the shells that they are for.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    public static TheoryData<string, string> Unique => new()
    {
        { "extr", "extract" },
        { "comp", "completions" },
        { "extract --max-dr", "extract --max-drop-percent" },
        { "history --js", "history --json" },
        { "extract --log j", "extract --log json" },
        { "prune --keep-v", "prune --keep-versions" },
        { "promote --stage prev", "promote --stage previous" },
        { "verify --stage prev", "verify --stage previous" },
        { "completions fi", "completions fish" },
        { "help pru", "help prune" },
    };

    [ShellTheory("bash")]
    [MemberData(nameof(Unique))]
    public void Bash_UniqueBeginning_IsCompleted(string typed, string completed) => Assert.Equal([completed.Split(' ')[^1]], Bash(typed));

    [ShellTheory("fish")]
    [MemberData(nameof(Unique))]
    public void Fish_UniqueBeginning_IsCompleted(string typed, string completed) => Assert.Equal([completed.Split(' ')[^1]], Fish(typed));

    [ShellTheory("zsh")]
    [MemberData(nameof(Unique))]
    public void Zsh_UniqueBeginning_IsCompleted(string typed, string completed)
    {
        // A terminal of zsh's own: what is typed there is completed by the tab, and run.
        var driver = _scratch.Write("driver.zsh", $$"""
            zmodload zsh/zpty
            zpty shell TERM=dumb zsh -f -i
            zpty -w shell 'PS1=; autoload -Uz compinit; compinit -D -u; source {{ScriptOf("zsh")}}; idextractor() { print -r -- "R""AN<$*>" }; bindkey "^I" complete-word; print RE""ADY'
            zpty -r shell answer '*READY*'
            zpty -w shell $'idextractor {{typed}}\t'
            zpty -r shell answer '*RAN<*>*'
            print -r -- "${${answer##*RAN<}%%>*}"
            zpty -d shell
            """);
        using var process = CommandProcess.Start("zsh", null, "-f", driver);

        Assert.Equal(completed, process.WaitForEnd().Output.Trim());
    }

    [ShellTheory("pwsh")]
    [MemberData(nameof(Unique))]
    public void PowerShell_UniqueBeginning_IsCompleted(string typed, string completed) =>
        Assert.Equal([completed.Split(' ')[^1]], PowerShell(typed));

    [ShellTheory("pwsh")]
    [InlineData("extract")]
    [InlineData("history")]
    public void PowerShell_EveryOptionOfACommand_IsOffered(string command)
    {
        var expected = OptionTable.Of(CommandTable.Find(command)!.Set)
            .Select(option => option.Dashed)
            .Append("--help")
            .Order(StringComparer.Ordinal);
        Assert.Equal(expected, PowerShell(command + " --").Order(StringComparer.Ordinal));
    }

    [ShellTheory("pwsh")]
    [InlineData("", 10)]
    [InlineData("extract --log ", 2)]
    [InlineData("completions ", 4)]
    public void PowerShell_AfterABlank_OffersEveryWord(string typed, int count) => Assert.Equal(count, PowerShell(typed).Length);

    [ShellTheory("bash")]
    [InlineData("extract")]
    [InlineData("plan")]
    [InlineData("promote")]
    [InlineData("prune")]
    public void Bash_EveryOptionOfACommand_IsOffered(string command)
    {
        var expected = OptionTable.Of(CommandTable.Find(command)!.Set)
            .Select(option => option.Dashed)
            .Append("--help")
            .Order(StringComparer.Ordinal);
        Assert.Equal(expected, Bash(command + " --").Order(StringComparer.Ordinal));
    }

    [ShellTheory("fish")]
    [InlineData("extract")]
    [InlineData("history")]
    public void Fish_EveryOptionOfACommand_IsOffered(string command)
    {
        var expected = OptionTable.Of(CommandTable.Find(command)!.Set)
            .Select(option => option.Dashed)
            .Append("--help")
            .Order(StringComparer.Ordinal);
        Assert.Equal(expected, Fish(command + " --").Order(StringComparer.Ordinal));
    }

    [ShellTheory("bash")]
    [InlineData("promote --stage ")]
    [InlineData("extract --report=")]
    public void Bash_Paths_AreFiles(string typed)
    {
        _scratch.Write("only file.txt", "");
        Assert.Contains("only file.txt", Bash(typed));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("powershell")]
    public void Script_OfEveryShell_NamesEveryOption(string shell)
    {
        var outcome = CommandProcess.Run("completions", shell);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(CompletionScript.Of(shell, Speech.English) + "\n", outcome.Output);
        Assert.All(
            OptionTable.All,
            option => Assert.Contains(shell == "fish" ? "-l " + option.Name : option.Dashed, outcome.Output, StringComparison.Ordinal));
    }

    private string ScriptOf(string shell) => _scratch.Write("completion." + shell, CompletionScript.Of(shell, Speech.English));

    /// <summary>What bash offers for a line, split into words as bash splits it.</summary>
    private string[] Bash(string typed)
    {
        var words = typed.Replace("=", " = ", StringComparison.Ordinal).Split(' ').Select(word => $"'{word}'").ToArray();
        var line =
            $"cd '{_scratch.Root}'; source {ScriptOf("bash")}; COMP_WORDS=(idextractor {string.Join(' ', words)}); COMP_CWORD={words.Length}; _idextractor; "
            + "printf '%s\\n' \"${COMPREPLY[@]}\"";
        return CommandProcess.RunShell(line).OutputLines;
    }

    /// <summary>
    /// What PowerShell's own completion offers for a line, with the cursor at its end.
    /// </summary>
    private string[] PowerShell(string typed)
    {
        var script = _scratch.Write("driver.ps1", $$"""
            Get-Content -Raw '{{ScriptOf("powershell")}}' | Invoke-Expression
            $line = 'idextractor {{typed}}'
            [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches | ForEach-Object { $_.CompletionText }
            """);
        var environment = new Dictionary<string, string> { ["POWERSHELL_TELEMETRY_OPTOUT"] = "1", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1" };
        using var process = CommandProcess.Start(
            "dotnet", environment, "tool", "run", "pwsh", "--", "-NoProfile", "-NonInteractive", "-File", script);
        return process.WaitForEnd().OutputLines;
    }

    private string[] Fish(string typed)
    {
        using var process = CommandProcess.Start(
            "fish", new Dictionary<string, string> { ["HOME"] = _scratch.Root }, "--no-config", "-c",
            $"source {ScriptOf("fish")}; complete -C 'idextractor {typed}'");
        return [.. process.WaitForEnd().OutputLines.Select(line => line.Split('\t')[0])];
    }

    /// <summary>
    /// PowerShell is a tool of this repository: <c>dotnet tool restore</c> installs it.
    /// </summary>
    private static readonly Lazy<bool> s_hasPowerShell = new(
        () => CommandProcess.RunShell("dotnet tool run pwsh -- -NoProfile -Command exit").ExitCode == 0);

    /// <summary>A test that needs a shell. Where CI is true, it fails without the shell.</summary>
    private sealed class ShellTheoryAttribute : TheoryAttribute
    {
        public ShellTheoryAttribute(string shell)
        {
            var isThere = shell == "pwsh"
                ? s_hasPowerShell.Value
                : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, shell)));
            if (!isThere && Environment.GetEnvironmentVariable("CI") != "true")
                Skip = shell == "pwsh" ? "pwsh is not installed (dotnet tool restore)" : shell + " is not installed";
        }
    }
}
