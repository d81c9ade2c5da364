using IdExtractor.Cli.Options;

namespace IdExtractor.Cli.Commands;

/// <summary><c>extract</c>: the whole job.</summary>
internal static class ExtractCommand
{
    public static CommandDefinition Definition { get; } = new()
    {
        Name = "extract",
        Set = CommandSet.Extract,
        Summary = "Publishes the distinct IDs of Table B whose document is a CPF of Table A",
        Examples =
        [
            "idextractor extract --table-a people/ --table-b accounts/ --output out/",
            "idextractor extract --table-a glue://db/eligible --table-b glue://db/accounts --output s3://bucket/ids/ --max-drop-percent 20",
            "idextractor extract --config job.json --partition ano_mes_dia=20251022 --allow-older --report run.json",
            "IDEXTRACTOR_TABLE_A=people.csv IDEXTRACTOR_LOG=json idextractor extract --table-b accounts/ --output out/ --metrics emf",
        ],
        Bind = values =>
        {
            var settings = SettingsOf.Extraction(values) with
            {
                Output = values.Text(OptionTable.Output),
                Layout = SettingsOf.Layout(values),
                Guards = SettingsOf.Guards(values),
            };
            return values.Flag(OptionTable.ExtractDryRun)
                ? BoundCommand.Of(settings, static (engine, settings, cancellationToken) => engine.PlanAsync(settings, cancellationToken))
                : BoundCommand.Of(
                    settings, static (engine, settings, cancellationToken) => engine.ExtractAsync(settings, cancellationToken));
        },
    };
}
