using IdExtractor.Core.Job;
using IdExtractor.Display;
using IdExtractor.Html;
using static IdExtractor.Cli.Options.CommandSet;

namespace IdExtractor.Cli.Options;

/// <summary>Every option, in the order of the help (specification, sections 7 and 9).</summary>
internal static class OptionTable
{
    private const int MostDays = 36500;

    public static readonly OptionDefinition TableA = new(
        "table-a", OptionGroup.Input, Extract | Plan, "REF", PlaceForms.Table,
        "Table A: glue://database/table[?catalog=ID], Hive folders (s3://bucket/prefix/ or a local path), or a .csv or .txt list of CPFs (also .gz)",
        requiredBy: Extract | Plan);

    public static readonly OptionDefinition TableB = new(
        "table-b", OptionGroup.Input, Extract | Plan, "REF", PlaceForms.Table,
        "Table B: glue://database/table[?catalog=ID] or Hive folders (s3://bucket/prefix/ or a local path)",
        requiredBy: Extract | Plan);

    public static readonly OptionDefinition From = new(
        "from", OptionGroup.Input, Publish, "URI", PlaceForms.Folder,
        "Folder of the IDs that another engine wrote: Parquet parts, .csv parts with a header, or text parts with one ID per line",
        requiredBy: Publish);

    public static readonly OptionDefinition KeyColumn = new(
        "key-column", OptionGroup.Input, Extract | Plan, "NAME", ValueForms.Name,
        "The CPF column in both tables",
        "documento");

    public static readonly OptionDefinition KeyColumnA = new(
        "key-column-a", OptionGroup.Input, Extract | Plan, "NAME", ValueForms.Name,
        "The CPF column in A",
        "that of --key-column");

    public static readonly OptionDefinition KeyColumnB = new(
        "key-column-b", OptionGroup.Input, Extract | Plan, "NAME", ValueForms.Name,
        "The CPF column in B",
        "that of --key-column");

    public static readonly OptionDefinition IdColumn = new(
        "id-column", OptionGroup.Input, Extract | Plan | Publish, "NAME", ValueForms.Name,
        "The column that is published: of B, or of Parquet and CSV parts",
        "id");

    public static readonly OptionDefinition Partition = new(
        "partition", OptionGroup.Input, Extract | Plan, "K=V[/K=V]", ValueForms.Partition,
        "Pins B's partition, wholly or in some of its keys",
        "the latest");

    public static readonly OptionDefinition PublishedPartition = new(
        "partition", OptionGroup.Input, Publish, "K=V[/K=V]", ValueForms.Partition,
        "The partition that the IDs come from, with all its keys",
        "none: an unpartitioned table");

    public static readonly OptionDefinition PartitionA = new(
        "partition-a", OptionGroup.Input, Extract | Plan, "K=V[/K=V]", ValueForms.Partition,
        "Pins A's partition",
        "the latest, if it has some");

    public static readonly OptionDefinition MaxPartitionAge = new(
        "max-partition-age", OptionGroup.Input, Extract | Plan, "TIME", ValueForms.Duration,
        "Fails (exit 6) when B's partition is older, as 2d, 36h or 90m",
        "no limit");

    public static readonly OptionDefinition AllowFuturePartition = new(
        "allow-future-partition", OptionGroup.Input, Extract | Plan, null, ValueForms.Flag,
        "Lets a partition more than two days in the future be the latest; else it is skipped with a warning. A pinned one is always read",
        "off");

    public static readonly OptionDefinition OnEmptyPartition = new(
        "on-empty-partition", OptionGroup.Input, Extract | Plan, "fail|previous",
        ValueForms.Choice(["fail", "previous"], EmptyPartitionPolicy.Fail, EmptyPartitionPolicy.Previous),
        "When the latest partition holds no rows: fail (exit 6), or take the latest one before it that has some",
        "fail");

    public static readonly OptionDefinition Match = new(
        "match", OptionGroup.Matching, Extract, "pad|concat",
        ValueForms.Choice(["pad", "concat"], MatchRule.Pad, MatchRule.Concat),
        "How a CPF of A becomes a key: pad cleans it and pads it with zeros to the key width; concat puts 000 in front of the value as it is",
        "pad");

    public static readonly OptionDefinition KeyWidth = new(
        "key-width", OptionGroup.Matching, Extract, "N", ValueForms.Whole(1, 64),
        "Digits of a key under --match pad",
        "14");

    public static readonly OptionDefinition OnBadCpf = new(
        "on-bad-cpf", OptionGroup.Matching, Extract, "reject|fail",
        ValueForms.Choice(["reject", "fail"], BadCpfPolicy.Reject, BadCpfPolicy.Fail),
        "A value of A that is no CPF: count it and go on, or fail (exit 7)",
        "reject");

    public static readonly OptionDefinition MaxRejectedPercent = new(
        "max-rejected-percent", OptionGroup.Matching, Extract, "P", ValueForms.Percent,
        "More values of A that are no CPF stop the run (exit 4)",
        "50");

    public static readonly OptionDefinition OnNullId = new(
        "on-null-id", OptionGroup.Matching, Extract | Publish, "fail|drop",
        ValueForms.Choice(["fail", "drop"], NullIdPolicy.Fail, NullIdPolicy.Drop),
        "A row to publish whose ID is null or empty: fail (exit 7), or drop and count it",
        "fail");

    public static readonly OptionDefinition Output = new(
        "output", OptionGroup.Output, Every, "ROOT", PlaceForms.Folder,
        "Root of the stage and active files: s3://bucket/prefix/ or a local folder",
        "not checked",
        requiredBy: Writing | Verify | History | Prune);

    public static readonly OptionDefinition PromotedStage = new(
        "stage", OptionGroup.Output, Promote, "KEY", PlaceForms.StageFile,
        "The stage file: its key below the root, its name, its whole path or address, or previous for the one before the active file",
        requiredBy: Promote);

    public static readonly OptionDefinition VerifiedStage = new(
        "stage", OptionGroup.Output, Verify, "KEY", PlaceForms.StageFile,
        "A stage file to be checked instead of the active file: its key below the root, its name, its whole path or address, or previous",
        "the active file");

    public static readonly OptionDefinition StageKey = new(
        "stage-key", OptionGroup.Output, Every, "KEY", PlaceForms.Key,
        "Key of stage files below the root",
        "stage/stage_YYYYMMDD_HHMMSS.txt.gz");

    public static readonly OptionDefinition ActiveKey = new(
        "active-key", OptionGroup.Output, Every, "KEY", PlaceForms.Key,
        "Key of the active file below the root",
        "active/latest.txt.gz");

    public static readonly OptionDefinition TrailingNewline = new(
        "trailing-newline", OptionGroup.Output, Extract | Publish, null, ValueForms.Flag,
        "Ends the text with a newline, which the checksum then covers",
        "off");

    public static readonly OptionDefinition GzipLevel = new(
        "gzip-level", OptionGroup.Output, Extract | Publish, "N", ValueForms.Whole(0, 9),
        "0 (stored) to 9 (smallest)",
        "6");

    public static readonly OptionDefinition KeepVersions = new(
        "keep-versions", OptionGroup.Output, Prune, "N", ValueForms.Whole(1, int.MaxValue),
        "The latest N stage files are kept, whatever their age",
        requiredBy: Prune);

    public static readonly OptionDefinition KeepDays = new(
        "keep-days", OptionGroup.Output, Prune, "D", ValueForms.Whole(1, MostDays),
        "Stage files of the last D days are kept, however many they are",
        requiredBy: Prune);

    public static readonly OptionDefinition DryRun = new(
        "dry-run", OptionGroup.Output, Prune, null, ValueForms.Flag,
        "Removes nothing, and lists what would be removed",
        "off");

    public static readonly OptionDefinition ExtractDryRun = new(
        "dry-run", OptionGroup.Output, Extract, null, ValueForms.Flag,
        "Does what plan does: checks tables and output, and reports what would be read",
        "off");

    public static readonly OptionDefinition MinIds = new(
        "min-ids", OptionGroup.Guards, Writing | History, "N", ValueForms.Whole(0, long.MaxValue),
        "Fewer distinct IDs are not promoted (exit 4)",
        "no limit");

    public static readonly OptionDefinition MaxIds = new(
        "max-ids", OptionGroup.Guards, Writing | History, "N", ValueForms.Whole(0, long.MaxValue),
        "More distinct IDs are not promoted (exit 4)",
        "no limit");

    public static readonly OptionDefinition MaxDropPercent = new(
        "max-drop-percent", OptionGroup.Guards, Writing | History, "P", ValueForms.Percent,
        "A larger drop against the active file's total_ids is not promoted (exit 4)",
        "no limit");

    public static readonly OptionDefinition AllowEmpty = new(
        "allow-empty", OptionGroup.Guards, Writing | History, null, ValueForms.Flag,
        "Lets an empty result be published (else exit 4)",
        "off");

    public static readonly OptionDefinition AllowOlder = new(
        "allow-older", OptionGroup.Guards, Writing, null, ValueForms.Flag,
        "Lets an older partition replace a newer one (else exit 4)",
        "off");

    public static readonly OptionDefinition SkipIfCurrent = new(
        "skip-if-current", OptionGroup.Guards, Extract | Publish, null, ValueForms.Flag,
        "Stops with success when the active file already holds this partition and the same input",
        "off");

    public static readonly OptionDefinition Threads = new(
        "threads", OptionGroup.Resources, Extract | Plan | Publish, "N", ValueForms.Whole(1, 1024),
        "Scanning threads",
        "all cores");

    public static readonly OptionDefinition MaxMemory = new(
        "max-memory", OptionGroup.Resources, Extract | Plan | Publish, "SIZE", ValueForms.Size(64L << 20, "64MiB"),
        "What pages, buffers, footers, keys and collected IDs may take together, as 512MiB, 1GiB or 2GB",
        "1GiB");

    public static readonly OptionDefinition Json = new(
        "json", OptionGroup.Telling, Every, null, ValueForms.Flag,
        "Prints the result as one line of JSON",
        "off");

    public static readonly OptionDefinition Log = new(
        "log", OptionGroup.Telling, Every, "text|json", ValueForms.Choice(["text", "json"], LogFormat.Text, LogFormat.Json),
        "How logs (stderr) and the result (stdout) are written; json is one object a line",
        "text");

    public static readonly OptionDefinition LogLevel = new(
        "log-level", OptionGroup.Telling, Every, "error|warn|info|debug",
        ValueForms.Choice(
            ["error", "warn", "info", "debug"], Display.LogLevel.Error, Display.LogLevel.Warn, Display.LogLevel.Info,
            Display.LogLevel.Debug),
        "How much is logged: with info (-v) also time and run id of each line, stack traces only with debug (-vv), documents and IDs never",
        "warn; info with --log json");

    public static readonly OptionDefinition Quiet = new(
        "quiet", OptionGroup.Telling, Every, null, ValueForms.Flag,
        "No progress (also -q); the log and the result stay",
        "off");

    public static readonly OptionDefinition Color = new(
        "color", OptionGroup.Telling, Every, "auto|always|never",
        ValueForms.Choice(["auto", "always", "never"], ColorMode.Auto, ColorMode.Always, ColorMode.Never),
        "Colours of errors, warnings and the bar; auto is on a terminal, unless NO_COLOR is set",
        "auto");

    public static readonly OptionDefinition Report = new(
        "report", OptionGroup.Telling, Every, "FILE", ValueForms.FilePath,
        "Writes a run report as JSON, after failures too; - is stdout, which then holds nothing else but metrics",
        "none");

    public static readonly OptionDefinition ReportHtml = new(
        "report-html", OptionGroup.Telling, Every, "FILE", ValueForms.FilePath,
        "Writes the run report as a page for a browser, one file without scripts; after failures too",
        "none");

    public static readonly OptionDefinition Lang = new(
        "lang", OptionGroup.Telling, Every, "en|pt-BR", ValueForms.Choice(["en", "pt-BR"], PageLanguage.English, PageLanguage.Portuguese),
        "Language of messages, results, help and pages; what is in JSON stays English",
        "the system's");

    public static readonly OptionDefinition HistoryHtml = new(
        "html", OptionGroup.Telling, History, "FILE", ValueForms.FilePath,
        "Writes the list as a page with charts too: one file, without scripts and network",
        "none");

    public static readonly OptionDefinition Metrics = new(
        "metrics", OptionGroup.Telling, Every, "emf|none",
        ValueForms.Choice(["emf", "none"], MetricsFormat.Emf, MetricsFormat.None),
        "Prints CloudWatch metrics in the embedded metric format on stdout, after failures too",
        "none");

    public static readonly OptionDefinition Config = new(
        "config", OptionGroup.Telling, Every, "FILE", ValueForms.FilePath,
        "A JSON file with options by their names without dashes",
        "none");

    public static readonly OptionDefinition Region = new(
        "region", OptionGroup.Aws, Every, "NAME", AwsForms.Region,
        "Region of S3 and of the Data Catalog",
        "by the SDK's chain");

    public static readonly OptionDefinition EndpointUrl = new(
        "endpoint-url", OptionGroup.Aws, Every, "URL", PlaceForms.Endpoint,
        "Another endpoint for all services: a VPC endpoint or an emulator",
        "the region's");

    public static readonly OptionDefinition PathStyle = new(
        "path-style", OptionGroup.Aws, Every, null, ValueForms.Flag,
        "Puts the bucket into the path of S3 addresses, not into the host name",
        "off");

    public static readonly OptionDefinition RequestPayer = new(
        "request-payer", OptionGroup.Aws, Every, null, ValueForms.Flag,
        "Accepts to pay for reads of requester-pays buckets",
        "off");

    public static readonly OptionDefinition Sse = new(
        "sse", OptionGroup.Aws, Writing, "AES256|aws:kms|aws:kms:dsse",
        ValueForms.Choice(
            [AwsOptions.Aes256, AwsOptions.Kms, AwsOptions.KmsDualLayer], AwsOptions.Aes256, AwsOptions.Kms, AwsOptions.KmsDualLayer),
        "Server-side encryption of what is written",
        "the bucket's");

    public static readonly OptionDefinition KmsKeyId = new(
        "kms-key-id", OptionGroup.Aws, Writing, "ID", ValueForms.Name,
        "Key id, ARN or alias for --sse aws:kms, which it implies",
        "the account's");

    public static readonly OptionDefinition ExpectedBucketOwner = new(
        "expected-bucket-owner", OptionGroup.Aws, Every, "ACCOUNT", AwsForms.Account,
        "Account that must own every bucket that is used",
        "not checked");

    public static readonly OptionDefinition AssumeRole = new(
        "assume-role", OptionGroup.Aws, Every, "ARN", AwsForms.Role,
        "Role to assume; its credentials are refreshed on long runs",
        "none");

    public static readonly OptionDefinition CatalogId = new(
        "catalog-id", OptionGroup.Aws, Extract | Plan, "ACCOUNT", AwsForms.Account,
        "Data Catalog of glue:// references that name none",
        "the caller's account");

    /// <summary>All of them, in the order of the help.</summary>
    public static readonly OptionDefinition[] All =
    [
        TableA, TableB, From, KeyColumn, KeyColumnA, KeyColumnB, IdColumn, Partition, PublishedPartition, PartitionA, MaxPartitionAge,
        AllowFuturePartition, OnEmptyPartition,
        Match, KeyWidth, OnBadCpf, MaxRejectedPercent, OnNullId,
        Output, PromotedStage, VerifiedStage, StageKey, ActiveKey, TrailingNewline, GzipLevel, KeepVersions, KeepDays, DryRun,
        ExtractDryRun,
        MinIds, MaxIds, MaxDropPercent, AllowEmpty, AllowOlder, SkipIfCurrent,
        Threads, MaxMemory,
        Json, Log, LogLevel, Quiet, Color, Report, ReportHtml, HistoryHtml, Lang, Metrics, Config,
        Region, EndpointUrl, PathStyle, RequestPayer, Sse, KmsKeyId, ExpectedBucketOwner, AssumeRole, CatalogId,
    ];

    /// <summary>Those that a command takes.</summary>
    public static IEnumerable<OptionDefinition> Of(CommandSet command) => All.Where(option => option.IsTakenBy(command));

    /// <summary>
    /// Whether another command needs what was given for it to find the same output.
    /// </summary>
    public static bool ReachesOutput(OptionDefinition option) =>
        option.Group == OptionGroup.Aws || option == StageKey || option == ActiveKey;
}
