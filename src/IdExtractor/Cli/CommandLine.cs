using IdExtractor.Cli.Commands;
using IdExtractor.Cli.Completions;
using IdExtractor.Cli.Help;
using IdExtractor.Cli.Options;
using IdExtractor.Display;
using IdExtractor.Foundation.Errors;
using IdExtractor.Html;
using IdExtractor.Phrases;

namespace IdExtractor.Cli;

/// <summary>
/// The words of the command line: a command and its options, or a question about the program.
/// </summary>
internal static class CommandLine
{
    /// <summary>
    /// The answer to a question about the program; null when the words are a command.
    /// </summary>
    /// <exception cref="UsageException">There are no words, or the question is not
    /// understood.</exception>
    public static string? Answer(IReadOnlyList<string> words, Speech speech)
    {
        if (words.Count == 0)
            throw new UsageException($"No command is given: {Known()}", "see idextractor --help");
        switch (words[0])
        {
            case "--help" or "-h" or "help":
                return words.Count > 1 && CommandTable.Find(words[1]) is { } asked
                    ? HelpText.Of(asked, FormOf(words[0]), speech)
                    : words.Count == 1 || words[1].StartsWith('-') || words[1] is "help" or "version" or "completions"
                    ? HelpText.Overview(FormOf(words[0]), speech)
                    : throw Unknown(words[1]);
            case "version" or "completions" when words.Count > 1 && words[1] is "--help" or "-h":
                return HelpText.Overview(FormOf(words[1]), speech);
            case "-V" or "--version" or "version" when words.Contains(OptionTable.Json.Dashed):
                return VersionText.Json;
            case "-V":
                return VersionText.Short;
            case var name when words.Count == 2 && words[1] is "-V" or "--version" && CommandTable.Find(name) is not null:
                return words[1] == "-V" ? VersionText.Short : VersionText.Long;
            case "--version" or "version":
                return VersionText.Long;
            case "completions":
                return WithoutLanguage(words) is [_, var shell]
                    ? CompletionScript.Of(shell, speech)
                    : throw new UsageException("completions takes the name of one shell: bash, zsh, fish or powershell");
        }

        // Most command lines ask nothing, and are read only once.
        return words.Any(word => word is "--help" or "-h")
            && CommandTable.Find(words[0]) is { } command
            && Read(words) is (_, { Help: not HelpForm.None } typed)
            ? HelpText.Of(command, typed.Help, speech)
            : null;
    }

    /// <summary>The command and what was typed for it.</summary>
    /// <exception cref="UsageException">An unknown command, or words that do not fit
    /// it.</exception>
    public static (CommandDefinition Command, TypedOptions Typed) Read(IReadOnlyList<string> words)
    {
        if (CommandTable.Find(words[0]) is { } command)
            return (command, TypedOptions.Read(command, [.. words.Skip(1)]));
        if (words[0].StartsWith('-'))
            throw new UsageException($"The command comes first: {Known()}", "see idextractor --help");
        throw Unknown(words[0]);
    }

    /// <summary>The colours of errors that come before the options are understood.</summary>
    public static ColorMode GuessColor(IReadOnlyList<string> words) => Guess(words, OptionTable.Color) switch
    {
        "always" => ColorMode.Always,
        "never" => ColorMode.Never,
        _ => ColorMode.Auto,
    };

    /// <summary>The format of errors that come before the options are understood.</summary>
    public static LogFormat GuessLogFormat(IReadOnlyList<string> words) =>
        Guess(words, OptionTable.Log) == "json" ? LogFormat.Json : LogFormat.Text;

    /// <summary>
    /// The language of help, and of errors that come before the options are understood.
    /// </summary>
    public static PageLanguage GuessLanguage(IReadOnlyList<string> words) =>
        Guess(words, OptionTable.Lang) is { } text && OptionTable.Lang.Form.Read(text) is PageLanguage known
            ? known
            : Speech.OfSystem(Environment.GetEnvironmentVariable);

    private static HelpForm FormOf(string question) => question == "-h" ? HelpForm.Short : HelpForm.Long;

    private static List<string> WithoutLanguage(IReadOnlyList<string> words)
    {
        var name = OptionTable.Lang.Dashed;
        return [.. words.Where((word, i) =>
            word != name && !word.StartsWith(name + "=", StringComparison.Ordinal) && (i == 0 || words[i - 1] != name))];
    }

    private static string? Guess(IReadOnlyList<string> words, OptionDefinition option)
    {
        var text = Environment.GetEnvironmentVariable(option.Variable);
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] == option.Dashed && i + 1 < words.Count)
                text = words[i + 1];
            else if (words[i].StartsWith(option.Dashed + "=", StringComparison.Ordinal))
                text = words[i][(option.Dashed.Length + 1)..];
        }

        return text;
    }

    private static UsageException Unknown(string word)
    {
        var meant = Spelling.Nearest(word, CommandTable.All.Select(known => known.Name));
        return new UsageException(
            $"{Quoted.Of(word)} is no command: {Known()}", meant is null ? "see idextractor --help" : $"did you mean {meant}?");
    }

    private static string Known() => $"the commands are {string.Join(", ", CommandTable.All.Select(command => command.Name))}";
}
