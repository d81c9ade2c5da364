using IdExtractor.Cli.Options;
using IdExtractor.Cli.Places;
using IdExtractor.Core.Job;

namespace IdExtractor.Cli.Commands;

/// <summary><c>verify</c>: is a published file what its metadata says?</summary>
internal static class VerifyCommand
{
    public static CommandDefinition Definition { get; } = new()
    {
        Name = "verify",
        Set = CommandSet.Verify,
        Summary = "Checks the active file, or a stage file, against its metadata",
        Examples =
        [
            "idextractor verify --output s3://bucket/ids/",
            "idextractor verify --output out/ --stage stage/stage_20251022_120000.txt.gz",
        ],
        Bind = values =>
        {
            var layout = SettingsOf.Layout(values);
            var settings = new VerifySettings
            {
                Output = values.Text(OptionTable.Output),
                Key = values.Find(OptionTable.VerifiedStage) is string stage
                    ? StageFile.KeyOf(stage, values.Text(OptionTable.Output))
                    : layout.ActiveKey,
                IsStage = values.Has(OptionTable.VerifiedStage),
                Layout = layout,
            };
            return BoundCommand.Of(
                settings, static (engine, settings, cancellationToken) => engine.VerifyAsync(settings, cancellationToken));
        },
    };
}
