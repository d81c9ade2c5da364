using IdExtractor.Cli.Options;
using IdExtractor.Core.History;

namespace IdExtractor.Cli.Commands;

/// <summary><c>prune</c>: removes old stage files.</summary>
internal static class PruneCommand
{
    public static CommandDefinition Definition { get; } = new()
    {
        Name = "prune",
        Set = CommandSet.Prune,
        Summary = "Removes old stage files, never the one that is active",
        Examples =
        [
            "idextractor prune --output s3://bucket/ids/ --keep-versions 14 --keep-days 30 --dry-run",
        ],
        Bind = values =>
        {
            var settings = new PruneSettings
            {
                Output = values.Text(OptionTable.Output),
                Layout = SettingsOf.Layout(values),
                KeepVersions = (int)values.Whole(OptionTable.KeepVersions, 0),
                KeepDays = (int)values.Whole(OptionTable.KeepDays, 0),
                DryRun = values.Flag(OptionTable.DryRun),
            };
            return BoundCommand.Of(
                settings, static (engine, settings, cancellationToken) => engine.PruneAsync(settings, cancellationToken));
        },
    };
}
