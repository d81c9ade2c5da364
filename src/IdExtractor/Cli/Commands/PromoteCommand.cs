using IdExtractor.Cli.Options;
using IdExtractor.Cli.Places;
using IdExtractor.Core.Job;

namespace IdExtractor.Cli.Commands;

/// <summary><c>promote</c>: makes an existing stage file active, to roll back for one.</summary>
internal static class PromoteCommand
{
    public static CommandDefinition Definition { get; } = new()
    {
        Name = "promote",
        Set = CommandSet.Promote,
        Summary = "Verifies an existing stage file and makes it the active one, to roll back for example",
        Examples =
        [
            "idextractor promote --output s3://bucket/ids/ --stage previous --allow-older",
            "idextractor promote --output s3://bucket/ids/ --stage stage_20251021_120000.txt.gz --allow-older",
        ],
        Bind = values =>
        {
            var layout = SettingsOf.Layout(values);
            var settings = new PromoteSettings
            {
                Output = values.Text(OptionTable.Output),
                StageKey = StageFile.KeyOf(values.Text(OptionTable.PromotedStage), values.Text(OptionTable.Output)),
                Layout = layout,
                Guards = SettingsOf.Guards(values),
            };
            SettingsOf.DemandDifferentKeys(values, OptionTable.PromotedStage, settings.StageKey, layout.ActiveKey);
            return BoundCommand.Of(
                settings, static (engine, settings, cancellationToken) => engine.PromoteAsync(settings, cancellationToken));
        },
    };

    /// <summary>
    /// What a run was given that a <c>promote</c> command for its output needs too, as words for a
    /// shell. A list keeps its config file: promotion takes options from it that a list does not.
    /// </summary>
    public static IReadOnlyList<string> OptionsFor(OptionValues values) =>
    [
        .. values.WordsOf(
            OptionTable.Of(CommandSet.Promote).Where(
                option => OptionTable.ReachesOutput(option)
                    || (option == OptionTable.Config && values.Command == CommandSet.History))),
    ];
}
