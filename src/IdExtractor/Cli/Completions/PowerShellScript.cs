using System.Text;
using IdExtractor.Cli.Commands;
using IdExtractor.Cli.Options;
using IdExtractor.Phrases;

namespace IdExtractor.Cli.Completions;

/// <summary>Completion in PowerShell 5.1 and later.</summary>
internal static class PowerShellScript
{
    private const string Tail = """
            $words = $commandAst.CommandElements | ForEach-Object { $_.ToString() }
            $position = $words.Count - [int]($wordToComplete -ne '')
            $previous = $words[$position - 1]
            if ($position -le 1) { $found = $commands.Keys }
            elseif ($values.ContainsKey($previous)) { $found = $values[$previous] }
            elseif ($words[1] -eq 'help') { $found = $options.Keys }
            else { $found = $options[$words[1]] }
            $found | Where-Object { $_ -like "$wordToComplete*" } | Sort-Object | ForEach-Object {
                $text = if ($position -le 1) { $commands[$_] } else { $_ }
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $text)
            }
        }
        """;

    /// <summary>The script.</summary>
    public static string Write(Speech speech)
    {
        var script = new StringBuilder(
            "# PowerShell completion for idextractor: idextractor completions powershell | Out-String | Invoke-Expression\n");
        script.Append(
            "Register-ArgumentCompleter -Native -CommandName idextractor -ScriptBlock {\n    param($wordToComplete, $commandAst, $cursorPosition)\n    $commands = @{\n");
        foreach (var (word, summary) in CompletionScript.Commands())
            script.Append($"        {Quoted(word)} = {Quoted(speech.Of(summary))}\n");
        script.Append("    }\n    $options = @{\n");
        foreach (var command in CommandTable.All)
            script.Append($"        {Quoted(command.Name)} = {List(CompletionScript.Dashed(command))}\n");
        script.Append($"        'completions' = {List(CompletionScript.Shells)}\n    }}\n    $values = @{{\n");
        foreach (var option in OptionTable.All.DistinctBy(option => option.Dashed))
        {
            if (option.Form.Words is { } words)
                script.Append($"        {Quoted(option.Dashed)} = {List(words)}\n");
            else if (CompletionScript.WordBesidePaths(option) is { } word)
                script.Append($"        {Quoted(option.Dashed)} = {List([word])}\n");
        }

        return script.Append("    }\n").Append(Tail).ToString();
    }

    private static string List(IEnumerable<string> words) => $"@({string.Join(", ", words.Select(Quoted))})";

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
