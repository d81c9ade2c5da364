using IdExtractor.Cli.Options;
using IdExtractor.Core.Job;

namespace IdExtractor.Cli.Commands;

/// <summary><c>publish</c>: stage, verify and promote for IDs that another engine found.</summary>
internal static class PublishCommand
{
    public static CommandDefinition Definition { get; } = new()
    {
        Name = "publish",
        Set = CommandSet.Publish,
        Summary = "Takes IDs that another engine wrote, as text or Parquet parts, and stages, verifies and promotes them",
        Examples =
        [
            "idextractor publish --from s3://bucket/spark/ids/ --partition ano_mes_dia=20251022 --output s3://bucket/ids/",
        ],
        Bind = values =>
        {
            var defaults = new PublishSettings { From = values.Text(OptionTable.From), Output = values.Text(OptionTable.Output) };
            var settings = defaults with
            {
                IdColumn = values.Text(OptionTable.IdColumn, defaults.IdColumn),
                Partition = values.Find(OptionTable.PublishedPartition) as PartitionPin,
                OnNullId = (NullIdPolicy)values.Get(OptionTable.OnNullId, defaults.OnNullId),
                Layout = SettingsOf.Layout(values),
                Guards = SettingsOf.Guards(values),
                SkipIfCurrent = values.Flag(OptionTable.SkipIfCurrent, defaults.SkipIfCurrent),
                Threads = (int)values.Whole(OptionTable.Threads, defaults.Threads),
                MaxMemory = values.Whole(OptionTable.MaxMemory, defaults.MaxMemory),
            };
            return BoundCommand.Of(
                settings, static (engine, settings, cancellationToken) => engine.PublishAsync(settings, cancellationToken));
        },
    };
}
