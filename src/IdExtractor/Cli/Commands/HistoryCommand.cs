using IdExtractor.Cli.Options;
using IdExtractor.Core.History;

namespace IdExtractor.Cli.Commands;

/// <summary><c>history</c>: the stage files of an output root.</summary>
internal static class HistoryCommand
{
    public static CommandDefinition Definition { get; } = new()
    {
        Name = "history",
        Set = CommandSet.History,
        Summary = "Lists stage files and the active file: partition, IDs, change, run, size, and why a file is not active; writes nothing",
        Examples =
        [
            "idextractor history --output s3://bucket/ids/",
            "idextractor history --config job.json --json",
            "idextractor history --config job.json --html history.html",
        ],
        Bind = values =>
        {
            var settings = new HistorySettings
            {
                Output = values.Text(OptionTable.Output),
                Layout = SettingsOf.Layout(values),
                Guards = SettingsOf.Guards(values),
            };
            return BoundCommand.Of(
                settings, static (engine, settings, cancellationToken) => engine.HistoryAsync(settings, cancellationToken));
        },
    };

    /// <summary>
    /// What a run was given that a <c>history</c> command for its output needs too, as words for a
    /// shell.
    /// </summary>
    public static IReadOnlyList<string> OptionsFor(OptionValues values) =>
    [
        .. values.WordsOf(OptionTable.Of(CommandSet.History).Where(OptionTable.ReachesOutput)),
    ];
}
