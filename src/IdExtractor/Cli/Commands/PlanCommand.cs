using IdExtractor.Cli.Options;

namespace IdExtractor.Cli.Commands;

/// <summary><c>plan</c>: what <c>extract</c> would read.</summary>
internal static class PlanCommand
{
    public static CommandDefinition Definition { get; } = new()
    {
        Name = "plan",
        Set = CommandSet.Plan,
        Summary = "Finds partitions, reads footers and says what extract would read; writes nothing",
        Examples =
        [
            "idextractor plan --table-a people/ --table-b accounts/",
            "idextractor plan --table-a glue://db/eligible --table-b glue://db/accounts --json",
        ],
        Bind = values =>
        {
            var settings = SettingsOf.Extraction(values);
            return (engine, cancellationToken) => engine.PlanAsync(settings, cancellationToken);
        },
    };
}
