using IdExtractor.Cli.Options;
using IdExtractor.Cli.Places;
using IdExtractor.Core.History;
using IdExtractor.Html.HistoryPage;
using IdExtractor.Phrases;

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
            var speech = Speech.Of(TellingSettings.From(values).Language);
            var settings = new HistorySettings
            {
                Output = values.Text(OptionTable.Output),
                Layout = SettingsOf.Layout(values),
                Guards = SettingsOf.Guards(values),
            };
            return BoundCommand.Of(settings, async (engine, settings, cancellationToken) =>
            {
                var result = await engine.HistoryAsync(settings, cancellationToken).ConfigureAwait(false);
                if (values.Find(OptionTable.HistoryHtml) is string path && result.History is { } listing)
                    PageFile.Write(
                        path,
                        new HistoryPageWriter(listing, settings.Guards, DateTimeOffset.UtcNow, speech).Write(RunIdentity.ToolVersion()));
                return result;
            });
        },
    };
}
