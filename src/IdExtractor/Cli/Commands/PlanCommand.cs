using IdExtractor.Cli.Options;

namespace IdExtractor.Cli.Commands;

/// <summary><c>plan</c>: what <c>extract</c> would read.</summary>
internal static class PlanCommand
{
    public static CommandDefinition Definition { get; } = new()
    {
        Name = "plan",
        Set = CommandSet.Plan,
        Summary =
            "Finds partitions, reads footers, checks the output when it is given, and reports what extract would read; writes nothing",
        Examples =
        [
            "idextractor plan --table-a people/ --table-b accounts/",
            "idextractor plan --table-a glue://db/eligible --table-b glue://db/accounts --output s3://bucket/ids/ --json",
        ],
        Bind = values =>
        {
            var settings = SettingsOf.Extraction(values) with
            {
                Output = values.Find(OptionTable.Output) as string,
                Layout = SettingsOf.Layout(values),
            };
            return BoundCommand.Of(settings, static (engine, settings, cancellationToken) => engine.PlanAsync(settings, cancellationToken));
        },
    };
}
