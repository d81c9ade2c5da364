using IdExtractor.Cli.Options;
using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Cli.Commands;

/// <summary>
/// Turns options into settings. An option that is not given keeps the default of the settings
/// record, so that each default is defined once.
/// </summary>
internal static class SettingsOf
{
    /// <summary>What <c>extract</c> and <c>plan</c> share: input, matching, resources.</summary>
    public static ExtractionSettings Extraction(OptionValues values)
    {
        var defaults = new ExtractionSettings { TableA = values.Text(OptionTable.TableA), TableB = values.Text(OptionTable.TableB) };
        if (values.Has(OptionTable.KeyWidth) && (MatchRule)values.Get(OptionTable.Match, defaults.Match) == MatchRule.Concat)
        {
            throw new UsageException(
                $"{values.Describe(OptionTable.KeyWidth)} has no meaning with {values.Describe(OptionTable.Match)} concat, which puts 000 in front of a value as it is",
                "give one of the two");
        }

        return defaults with
        {
            KeyColumnA = values.Text(OptionTable.KeyColumnA, values.Text(OptionTable.KeyColumn, defaults.KeyColumnA)),
            KeyColumnB = values.Text(OptionTable.KeyColumnB, values.Text(OptionTable.KeyColumn, defaults.KeyColumnB)),
            IdColumn = values.Text(OptionTable.IdColumn, defaults.IdColumn),
            PartitionA = values.Find(OptionTable.PartitionA) as PartitionPin,
            PartitionB = values.Find(OptionTable.Partition) as PartitionPin,
            MaxPartitionAge = values.Time(OptionTable.MaxPartitionAge),
            AllowFuturePartition = values.Flag(OptionTable.AllowFuturePartition, defaults.AllowFuturePartition),
            OnEmptyPartition = (EmptyPartitionPolicy)values.Get(OptionTable.OnEmptyPartition, defaults.OnEmptyPartition),
            Match = (MatchRule)values.Get(OptionTable.Match, defaults.Match),
            KeyWidth = (int)values.Whole(OptionTable.KeyWidth, defaults.KeyWidth),
            OnBadCpf = (BadCpfPolicy)values.Get(OptionTable.OnBadCpf, defaults.OnBadCpf),
            MaxRejectedPercent = values.Percent(OptionTable.MaxRejectedPercent) ?? defaults.MaxRejectedPercent,
            OnNullId = (NullIdPolicy)values.Get(OptionTable.OnNullId, defaults.OnNullId),
            SkipIfCurrent = values.Flag(OptionTable.SkipIfCurrent, defaults.SkipIfCurrent),
            Threads = (int)values.Whole(OptionTable.Threads, defaults.Threads),
            MaxMemory = values.Whole(OptionTable.MaxMemory, defaults.MaxMemory),
        };
    }

    /// <summary>How the output is named and written.</summary>
    public static OutputSettings Layout(OptionValues values)
    {
        var defaults = new OutputSettings();
        var layout = defaults with
        {
            StageKey = values.Find(OptionTable.StageKey) as string,
            ActiveKey = values.Text(OptionTable.ActiveKey, defaults.ActiveKey),
            TrailingNewline = values.Flag(OptionTable.TrailingNewline, defaults.TrailingNewline),
            GzipLevel = (int)values.Whole(OptionTable.GzipLevel, defaults.GzipLevel),
        };
        if (layout.StageKey is not null)
            DemandDifferentKeys(values, OptionTable.StageKey, layout.StageKey, layout.ActiveKey);
        return layout;
    }

    /// <summary>What must hold before promotion.</summary>
    public static PublishGuards Guards(OptionValues values)
    {
        var defaults = new PublishGuards();
        var guards = defaults with
        {
            MinIds = values.Whole(OptionTable.MinIds),
            MaxIds = values.Whole(OptionTable.MaxIds),
            MaxDropPercent = values.Percent(OptionTable.MaxDropPercent),
            AllowEmpty = values.Flag(OptionTable.AllowEmpty, defaults.AllowEmpty),
            AllowOlder = values.Flag(OptionTable.AllowOlder, defaults.AllowOlder),
        };
        if (guards.MinIds > guards.MaxIds)
        {
            throw new UsageException(
                $"{values.Describe(OptionTable.MinIds)} {guards.MinIds} is above {values.Describe(OptionTable.MaxIds)} {guards.MaxIds}, so that no result could pass");
        }

        if (guards.AllowEmpty && guards.MinIds > 0)
        {
            throw new UsageException(
                $"{values.Describe(OptionTable.AllowEmpty)} contradicts {values.Describe(OptionTable.MinIds)} {guards.MinIds}, which no empty result passes",
                "give one of the two");
        }

        return guards;
    }

    /// <summary>A stage file is never the active one.</summary>
    public static void DemandDifferentKeys(OptionValues values, OptionDefinition stageOption, string stageKey, string activeKey)
    {
        if (stageKey == activeKey)
            throw new UsageException($"{values.Describe(stageOption)} and {values.Describe(OptionTable.ActiveKey)} name the same key");
    }
}
