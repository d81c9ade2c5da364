using IdExtractor.Cli.Commands;
using IdExtractor.Core.Job;
using IdExtractor.Core.Report;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Cli.Tests.Hosting;

/// <summary>
/// Does what the environment variable <see cref="Variable"/> says, whatever the command.
/// </summary>
internal sealed class ScriptedRun(RunContext context)
{
    /// <summary>Names the script.</summary>
    public const string Variable = "SCRIPT";

    /// <summary>
    /// What the runtime would print in a crash if it were allowed to; stands for a document.
    /// </summary>
    public const string Secret = "00098765432109";

    /// <summary>
    /// The log line, at level debug, which states that the engine waits for a signal.
    /// </summary>
    public const string Waiting = "script.waiting";

    public static RunResult Published { get; } = new()
    {
        Outcome = RunOutcome.Published,
        Checks = ["metadata", "MD5"],
        File = new OutputFacts
        {
            SourcePartition = "20251022",
            TotalIds = 3,
            Md5Checksum = "7fdfa3ed267d869eab18b755ce475a4f",
            GzSha256 = new string('a', 64),
            GzipBytes = 33,
            Active = "out/active/latest.txt.gz",
            Stage = "out/stage/stage_20251022_120000.txt.gz",
        },
    };

    /// <summary>Plays the script in place of a command.</summary>
    public static async Task<RunResult> RunAsync(BoundCommand command, RunContext context, CancellationToken cancellationToken)
    {
        // A plan without an output has a result of its own, whatever the script.
        if (command.Settings is ExtractionSettings { Output: null } plan)
            return Planned(plan);
        var result = await new ScriptedRun(context).PlayAsync(cancellationToken);
        return command.Settings is VerifySettings ? result with { Outcome = RunOutcome.Verified } : result;
    }

    private static RunResult Planned(ExtractionSettings settings) => new()
    {
        Outcome = RunOutcome.Planned,
        Plan = new PlannedWork
        {
            Inputs = [Input(TableRole.A), Input(TableRole.B)],
            BytesToRead = 4096,
            Requests = 7,
            Forecast = new RequestForecast(
                [
                    new(RunPhase.Plan, RequestKind.Get, 2), new(RunPhase.Plan, RequestKind.List, 1),
                    new(RunPhase.Scan, RequestKind.Get, 1498)]),
            IsRemote = settings.TableB.StartsWith("s3://", StringComparison.Ordinal),
        },
    };

    private static InputSummary Input(TableRole role) => new()
    {
        Role = role,
        Table = role == TableRole.A ? "people" : "accounts",
        SourcePartition = role == TableRole.A ? null : "20251022",
        Files = [new InputFile("part-0.parquet", 1000, 3000, 2)],
        Skipped = [new SkippedItem("_SUCCESS", "hidden")],
        Columns = role == TableRole.A
            ? []
            : [new InputColumn("documento", "BYTE_ARRAY (STRING)", 3072), new InputColumn("id", "INT64", 1024)],
    };

    private async Task<RunResult> PlayAsync(CancellationToken cancellationToken)
    {
        TellOfTheScan();
        switch (Environment.GetEnvironmentVariable(Variable))
        {
            case "corrupt":
                throw new CorruptFileException("A page is cut", new ErrorPlace
                {
                    Object = "part-0.parquet",
                    RowGroup = 3,
                    Column = "documento",
                    Offset = 77,
                    Expected = "100 bytes",
                    Actual = "60 bytes"
                });
            case "guard":
                throw new GuardException("3 IDs are fewer than --min-ids 10");
            case "hostile":
                throw new ConfigurationException("There is no such file", ErrorPlace.Of("a\e[2Jb\u0085c\u202Ed"));
            case "bug":
                throw new FormatException($"The input string '{Secret}' was not in a correct format.");
            case "memory":
                throw new InsufficientMemoryException();
            case "disk-full":
                throw new IOException("No space left on device", 28);
            case "denied":
                throw new UnauthorizedAccessException("Access to the path '/data' is denied.");
            case "no-thread":
                throw (Exception)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(typeof(ThreadStartException));
            case "no-task":
                throw new AggregateException(new TaskSchedulerException(new InsufficientMemoryException()));
            case "open-files":
                throw new IOException("Too many open files : '/data/x'", 24);
            case "stale":
                throw new IOException("Some text of the runtime : '/data/x'", 116);
            case "timeout":
                throw new TaskCanceledException();
            case "parallel":
                throw new AggregateException(new OperationCanceledException(), new CorruptFileException("A page is cut"));
            case "thread":
                new Thread(() => throw new FormatException($"The input string '{Secret}' was not in a correct format.")).Start();
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
                break;
            case "wait":
                context.Observer.Note(Waiting);
                await Task.Delay(Timeout.Infinite, cancellationToken);
                break;
            case "wait-fail":
                context.Observer.Note(Waiting);
                await Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
                throw new TransientException("The connection was closed");
            case "wait-done":
                context.Observer.Note(Waiting);
                await Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
                break;
            case "deaf":
                context.Observer.Note(Waiting);
                cancellationToken.Register(() => context.Observer.Note("script.cancelled"));
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
                break;
        }

        context.Observer.PhaseFinished(RunPhase.Scan, TimeSpan.FromMilliseconds(12));
        context.Observer.Counted(RunCount.DistinctIds, 3);
        context.Observer.Counted(RunCount.PreviousIds, 4);
        context.Observer.PreviousFound(new PreviousFile("20251021", 4, DateTimeOffset.UnixEpoch));
        return Published;
    }

    private void TellOfTheScan()
    {
        context.Observer.LimitsKnown(new GuardLimits(new PublishGuards { MinIds = 2 }) { MaxRejectedPercent = 50 });
        context.Observer.PhaseStarted(RunPhase.Plan);
        context.Observer.InputPlanned(Input(TableRole.B));
        context.Observer.PhaseFinished(RunPhase.Plan, TimeSpan.FromMilliseconds(5));
        context.Observer.PhaseStarted(RunPhase.Scan);
        context.Observer.Warn("One partition does not parse");
        context.Progress.SetTotals(3000, 500);
        context.Progress.AddScanned(1500, 10);
        context.Progress.AddMatched(5, 1, "part-0.parquet");
        context.Progress.AddRowGroupSkipped();
        context.Progress.AddPagesSkipped(4);
        context.Progress.AddBytesRead(250);
        for (var i = 0; i < 8; i++)
            context.Progress.AddRequest(i == 0 ? RequestKind.Put : RequestKind.Get);
        context.Progress.AddRequest(null);
        context.Progress.AddRequests(0, 2);
        context.Observer.Counted(RunCount.KeyRows, 10);
        context.Observer.Counted(RunCount.KeysRejected, 3);
        context.Observer.Counted(RunCount.KeysRejectedEmpty, 1);
        context.Observer.Counted(RunCount.KeysRejectedNotDigits, 2);
        context.Observer.Counted(RunCount.Keys, 5);
    }
}
