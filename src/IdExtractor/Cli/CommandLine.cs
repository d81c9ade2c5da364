using IdExtractor.Cli.Commands;
using IdExtractor.Cli.Options;
using IdExtractor.Display;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Cli;

/// <summary>The words of the command line: a command and its options, or a question about the program.</summary>
internal static class CommandLine
{
    private static readonly TypedOptions s_helpWanted = new(new Dictionary<OptionDefinition, GivenValue>(), true);
    private static readonly TypedOptions s_nothing = s_helpWanted with { WantsHelp = false };

    /// <summary>
    /// The command and what was typed for it. Without a command, it means the overview if help is
    /// wanted, else the version.
    /// </summary>
    /// <exception cref="UsageException">No command, an unknown one, or words that do not fit it.</exception>
    public static (CommandDefinition? Command, TypedOptions Typed) Read(IReadOnlyList<string> words)
    {
        if (words.Count == 0)
            throw new UsageException("No command is given: " + Known(), "see idextractor --help");
        switch (words[0])
        {
            case "--help" or "-h" or "help":
                return words.Count > 1 && CommandTable.Find(words[1]) is { } asked ? (asked, s_helpWanted) : (null, s_helpWanted);
            case "--version":
                return (null, s_nothing);
        }

        if (CommandTable.Find(words[0]) is { } command)
            return (command, TypedOptions.Read(command, [.. words.Skip(1)]));
        if (words[0].StartsWith('-'))
            throw new UsageException($"The command comes first: {Known()}", "see idextractor --help");
        var meant = Spelling.Nearest(words[0], CommandTable.All.Select(known => known.Name));
        throw new UsageException($"{Quoted.Of(words[0])} is no command: {Known()}", meant is null ? "see idextractor --help" : $"did you mean {meant}?");
    }

    /// <summary>The format of errors that come before the options are understood.</summary>
    public static LogFormat GuessLogFormat(IReadOnlyList<string> words)
    {
        var text = Environment.GetEnvironmentVariable(OptionTable.Log.Variable);
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] == OptionTable.Log.Dashed && i + 1 < words.Count)
                text = words[i + 1];
            else if (words[i].StartsWith(OptionTable.Log.Dashed + "=", StringComparison.Ordinal))
                text = words[i][(OptionTable.Log.Dashed.Length + 1)..];
        }

        return text == "json" ? LogFormat.Json : LogFormat.Text;
    }

    private static string Known() => "the commands are " + string.Join(", ", CommandTable.All.Select(command => command.Name));
}
