using IdExtractor.Core.Job;
using IdExtractor.Core.Report;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Cli.Tests.Reports;

/// <summary>Reports whose every number is fixed, for golden pages and for a browser.</summary>
internal static class SampleReports
{
    private static readonly DateTimeOffset s_start = new(2025, 10, 22, 6, 30, 0, TimeSpan.Zero);

    /// <summary>A run over 30 million rows that published.</summary>
    public static RunReport Published()
    {
        var report = Base() with
        {
            Outcome = RunOutcome.Published,
            ExitCode = ExitCode.Done,
            Result = new RunResult
            {
                Outcome = RunOutcome.Published,
                Checks = ["metadata", "one gzip member", "CRC-32", "length", "no empty line", "number of lines", "MD5", "SHA-256"],
                File = new OutputFacts
                {
                    SourcePartition = "20251022",
                    TotalIds = 65_732,
                    Md5Checksum = "7fdfa3ed267d869eab18b755ce475a4f",
                    GzSha256 = new string('a', 64),
                    GzipBytes = 284_113,
                    Active = "s3://my-ids/daily/active/latest.txt.gz",
                    Stage = "s3://my-ids/daily/stage/stage_20251022_063012.txt.gz",
                },
            },
        };
        return report;
    }

    /// <summary>The same run with a result that a guard did not let pass.</summary>
    public static RunReport Stopped()
    {
        var report = Base();
        var counts = new Dictionary<RunCount, long>(report.Facts.Counts) { [RunCount.PreviousIds] = 171_000 };
        return report with
        {
            Outcome = RunOutcome.Failed,
            ExitCode = ExitCode.Guard,
            Facts = report.Facts with
            {
                Counts = counts,
                Previous = new PreviousFile("20251021", 171_000, s_start - TimeSpan.FromDays(1)),
                Phases =
                    [.. report.Facts.Phases.Select(phase => phase.Phase == RunPhase.Promote ? phase with { Finished = false } : phase)],
                PromoteCommand = "idextractor promote --stage stage/stage_20251022_063012.txt.gz --output s3://my-ids/daily/",
            },
            Error = new ReportError
            {
                Kind = "guard",
                ExitCode = ExitCode.Guard,
                Message = "The number of IDs falls by more than --max-drop-percent",
                Advice = "check the tables, or raise --max-drop-percent",
                Place = new ErrorPlace { Expected = "at most 20% below 171000", Actual = "61.56%, 65732" },
            },
        };
    }

    /// <summary>A run that ended in its scan at a damaged file.</summary>
    public static RunReport Failed()
    {
        var report = Base();
        return report with
        {
            Outcome = RunOutcome.Failed,
            ExitCode = ExitCode.BadInput,
            Facts = report.Facts with
            {
                Counts = report.Facts.Counts.Where(count => count.Key < RunCount.DistinctIds).ToDictionary(),
                Previous = null,
                Phases =
                    [.. report.Facts.Phases.Take(4)
                        .Select(phase => phase.Phase == RunPhase.Scan ? phase with { Finished = false } : phase)],
            },
            Error = new ReportError
            {
                Kind = "corrupt_file",
                ExitCode = ExitCode.BadInput,
                Message = "A page is cut",
                Place = new ErrorPlace
                {
                    Object = "s3://lake/accounts/part-00003.parquet",
                    RowGroup = 3,
                    Column = "documento",
                    Offset = 7_340_032,
                    Expected = "100 bytes",
                    Actual = "60 bytes"
                },
            },
        };
    }

    private static RunReport Base()
    {
        var progress = new RunProgress();
        progress.SetTotals(30_000_000, 900_000_000);
        progress.AddScanned(30_000_000, 1_204);
        progress.AddBytesRead(734_003_200);
        for (var i = 0; i < 318; i++)
            progress.AddRequest(i < 4 ? RequestKind.Put : i < 16 ? RequestKind.List : i < 30 ? RequestKind.Head : RequestKind.Get);
        var files = Enumerable.Range(0, 40)
            .Select(
                i => new InputFile(
                    $"s3://lake/accounts/ano_mes_dia=20251022/part-{i:00000}.parquet", 18_000_000 + (i * 40_961), 750_000, 6))
            .ToArray();
        for (var i = 0; i < files.Length; i++)
            progress.AddMatched(1_600 + (i * 37 % 400), 0, files[i].Name);

        (RunPhase Phase, double Start, double Seconds)[] phases =
        [
            (RunPhase.Catalog, 0.12, 0.41), (RunPhase.Plan, 0.54, 0.88), (RunPhase.Keys, 1.44, 0.62), (RunPhase.Scan, 2.07, 8.7),
            (RunPhase.Recheck, 10.78, 0.2),
            (RunPhase.Collect, 10.99, 0.05), (RunPhase.Stage, 11.05, 0.38), (RunPhase.Verify, 11.44, 0.21), (RunPhase.Promote, 11.66, 0.33),
        ];
        return new RunReport
        {
            Command = "extract",
            RunId = "20251022T063000Z-7f3a",
            ToolVersion = "0.2.0",
            StartedAt = s_start,
            Elapsed = TimeSpan.FromSeconds(12.1),
            Outcome = RunOutcome.Failed,
            ExitCode = ExitCode.Bug,
            Settings =
            [
                new("table-a", "glue://crm/eligible", "command line") { Words = ["--table-a", "glue://crm/eligible"] },
                new("table-b", "glue://lake/accounts", "command line") { Words = ["--table-b", "glue://lake/accounts"] },
                new("output", "s3://my-ids/daily/", "environment"),
                new("max-drop-percent", "20", "config"), new("key-column", "documento", "default"), new("threads", "all cores", "default"),
                new("max-memory", "1GiB", "default"),
            ],
            Facts = new RunFacts
            {
                Phases =
                    [.. phases.Select(phase =>
                        new PhaseTime(phase.Phase, TimeSpan.FromSeconds(phase.Start), TimeSpan.FromSeconds(phase.Seconds), true))],
                Inputs =
                [
                    new InputSummary
                    {
                        Role = TableRole.A,
                        Table = "glue://crm/eligible",
                        Files = [new InputFile("s3://crm/eligible/part-0.parquet", 1_200_000, 104_233, 1)]
                    },
                    new InputSummary
                    {
                        Role = TableRole.B, Table = "glue://lake/accounts", SourcePartition = "20251022", PartitionTime = new DateTime(
                            2025, 10, 22, 0, 0, 0, DateTimeKind.Utc), Files = files,
                    },
                ],
                Counts = new Dictionary<RunCount, long>
                {
                    [RunCount.KeyRows] = 104_233,
                    [RunCount.KeysRejected] = 1_733,
                    [RunCount.KeysRejectedEmpty] = 1_204,
                    [RunCount.KeysRejectedNotDigits] = 529,
                    [RunCount.Keys] = 100_000,
                    [RunCount.DistinctIds] = 65_732,
                    [RunCount.PreviousIds] = 64_950,
                },
                Warnings = ["1733 of 104233 values of Table A were rejected: 1204 empty, 529 not digits; glue://crm/eligible"],
                WarningCount = 1,
                Limits = new GuardLimits(new PublishGuards { MinIds = 10_000, MaxDropPercent = 20 })
                {
                    MaxRejectedPercent = 50,
                    MaxPartitionAge = TimeSpan.FromDays(2)
                },
                Previous = new PreviousFile("20251021", 64_950, s_start - TimeSpan.FromDays(1)),
            },
            Progress = progress,
            Samples = [.. Enumerable.Range(0, 122).Select(Sample)],
            PeakMemoryBytes = 412_000_000,
        };
    }

    private static RunSample Sample(int i)
    {
        var seconds = i * 0.1;
        var scanned = Math.Clamp((seconds - 2.07) / 8.7, 0, 1);
        var wave = 1 + (0.12 * Math.Sin(i * 0.9) * scanned * (1 - scanned) / 4);
        return new RunSample(
            TimeSpan.FromSeconds(seconds), (long)(30_000_000 * Math.Min(1, scanned * wave)), (long)(734_003_200 * scanned),
            (long)(62_000_000 + (300_000_000 * Math.Min(1, seconds / 4)) + (9_000_000 * Math.Sin(i * 0.4))));
    }
}
