using IdExtractor.Cli.Options;

namespace IdExtractor.Cli.Commands;

/// <summary>Every command that there is.</summary>
internal static class CommandTable
{
    /// <summary>In the order of the help.</summary>
    public static IReadOnlyList<CommandDefinition> All { get; } =
    [
        ExtractCommand.Definition, PlanCommand.Definition, VerifyCommand.Definition, PromoteCommand.Definition, PublishCommand.Definition,
        HistoryCommand.Definition,
        PruneCommand.Definition,
    ];

    /// <summary>The command of a name; null when there is none.</summary>
    public static CommandDefinition? Find(string name) => All.FirstOrDefault(command => command.Name == name);

    /// <summary>The names of a set, for messages.</summary>
    public static string NamesOf(CommandSet set) =>
        string.Join(", ", All.Where(command => (command.Set & set) != 0).Select(command => command.Name));
}
