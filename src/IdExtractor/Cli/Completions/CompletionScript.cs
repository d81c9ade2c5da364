using IdExtractor.Cli.Commands;
using IdExtractor.Cli.Options;
using IdExtractor.Core.History;
using IdExtractor.Foundation.Errors;
using IdExtractor.Phrases;

namespace IdExtractor.Cli.Completions;

/// <summary>
/// What <c>idextractor completions SHELL</c> prints: a script that completes commands, options and
/// their words, made from the same tables as the help.
/// </summary>
internal static class CompletionScript
{
    /// <summary>What short options do.</summary>
    public const string Help = "Shows the help", Quiet = "No progress", Verbose = "Logs with time and run id";

    /// <summary>The shells that there are scripts for.</summary>
    public static readonly string[] Shells = ["bash", "zsh", "fish", "powershell"];

    /// <summary>Words that take the place of a command, and what they do.</summary>
    public static readonly (string Word, string Summary)[] Questions =
    [
        ("help", "Shows the help of a command"),
        ("version", "Shows the version and what the program runs on"),
        ("completions", "Prints a script that completes commands and options in a shell"),
    ];

    /// <summary>Options without a definition, as fish names them, and what they do.</summary>
    public static readonly (string Letters, string Summary)[] ShortForms = [("-s h -l help", Help), ("-s q", Quiet), ("-s v", Verbose)];

    /// <summary>The script for a shell.</summary>
    /// <param name="shell">Its name.</param>
    /// <param name="speech">The language of the summaries.</param>
    /// <exception cref="UsageException">There is none for it.</exception>
    public static string Of(string shell, Speech speech) => shell switch
    {
        "bash" => BashScript.Write(),
        "zsh" => ZshScript.Write(speech),
        "fish" => FishScript.Write(speech),
        "powershell" or "pwsh" => PowerShellScript.Write(speech),
        _ => throw new UsageException($"completions takes bash, zsh, fish or powershell, not {Quoted.Of(shell)}", "see idextractor help"),
    };

    /// <summary>Everything that can follow the program's name, with a summary.</summary>
    public static IEnumerable<(string Word, string Summary)> Commands() =>
        CommandTable.All.Select(command => (command.Name, command.Summary)).Concat(Questions);

    /// <summary>The options of a command, those of the help included, as they are typed.</summary>
    public static IEnumerable<string> Dashed(CommandDefinition command) =>
        OptionTable.Of(command.Set).Select(option => option.Dashed).Concat(["--help", "-h", "-q", "-v"]);

    /// <summary>The value of an option is a path, or may be one.</summary>
    public static bool TakesPath(OptionDefinition option) =>
        option.ValueName is "REF" or "ROOT" or "FILE" or "URI" || WordBesidePaths(option) is not null;

    /// <summary>What may stand in place of a path; null for most options.</summary>
    public static string? WordBesidePaths(OptionDefinition option) => option.Form == PlaceForms.StageFile ? StageChoice.Previous : null;
}
