using System.Diagnostics;
using System.Text;
using IdExtractor.Cli.Commands;
using IdExtractor.Cli.Options;
using IdExtractor.Cli.Places;
using IdExtractor.Core.Job;
using IdExtractor.Core.Report;
using IdExtractor.Display;
using IdExtractor.Foundation.Errors;
using IdExtractor.Html.HistoryPage;
using IdExtractor.Html.RunPage;
using IdExtractor.Phrases;

namespace IdExtractor.Cli;

/// <summary>
/// One run of one command: opens the logs and displays, runs the engine, and reports how it ended.
/// </summary>
internal sealed class CommandRun : IDisposable
{
    private readonly CommandDefinition _command;
    private readonly OptionValues _values;
    private readonly TellingSettings _telling;
    private readonly Speech _speech;
    private readonly Terminal _terminal;
    private readonly string _runId;
    private readonly BatchJob? _batch = RunIdentity.Batch();
    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly DateTimeOffset _startedAt;
    private readonly long _started;
    private readonly RunProgress _progress = new();
    private readonly RunRecorder _recorder;
    private ReportOutput? _report, _page, _list;
    private RunSampler? _sampler;
    private IReadOnlyList<RunSample> _samples = [];
    private IDisplay _display = new SilentDisplay();
    private readonly ObserverChain _observer;

    /// <param name="command">What to run.</param>
    /// <param name="values">Its options.</param>
    /// <param name="terminal">Where the run is reported.</param>
    /// <param name="runId">Its name.</param>
    public CommandRun(CommandDefinition command, OptionValues values, Terminal terminal, string runId)
    {
        (_command, _values, _terminal, _runId) = (command, values, terminal, runId);
        (_startedAt, _started) = (_clock.GetUtcNow(), _clock.GetTimestamp());
        _recorder = new RunRecorder(_clock);
        _telling = TellingSettings.From(values);
        terminal.Color = _telling.Color;
        _speech = Speech.Of(_telling.Language);
        Log = NewLog(_telling.Format, _telling.Level, terminal, runId, _speech);
        _observer = new ObserverChain(_recorder, new LogObserver(Log));
    }

    /// <summary>Where this run's log lines go.</summary>
    public RunLog Log { get; }

    /// <summary>Creates a log in the given format.</summary>
    public static RunLog NewLog(LogFormat format, LogLevel level, Terminal terminal, string runId, Speech speech) =>
        format == LogFormat.Json ? new JsonLog(level, terminal, runId, RunIdentity.Batch()) : new TextLog(level, terminal, runId, speech);

    /// <summary>Does the work.</summary>
    /// <param name="run">Puts the parts of the run together and runs its command.</param>
    /// <param name="signals">Cancel the work.</param>
    public RunResult Work(CommandRunner run, Signals signals)
    {
        RunPlaces.Check(_values);
        if (_telling.ReportFile is { } path)
            _report = ReportOutput.Open(OptionTable.Report, path, _runId);
        if (_telling.ReportPage is { } page)
            _page = ReportOutput.Open(OptionTable.ReportHtml, page, _runId);
        if (_values.Find(OptionTable.HistoryHtml) is string list)
            _list = ReportOutput.Open(OptionTable.HistoryHtml, list, _runId);
        if (_report is not null || _page is not null)
            _sampler = new RunSampler(_clock, _progress, static () => Environment.WorkingSet, _started);
        if (_values.Problem is { } problem)
            throw problem;
        var command = _command.Bind(_values);
        AwsOptions.Check(_values);
        var meter = new ProgressMeter(_clock, _progress);
        var context = new RunContext
        {
            RunId = _runId,
            ToolVersion = RunIdentity.ToolVersion(),
            Options = _values,
            Observer = new ObserverChain(_observer, meter),
            Progress = _progress,
            Clock = _clock,
        };
        _display = NewDisplay(meter);
        signals.BeforeAbandon(Abandon);
        var result = run(command, context, signals.Token).GetAwaiter().GetResult();
        if (result.History is { } listing && _list is not null)
        {
            var writer = new HistoryPageWriter(listing, SettingsOf.Guards(_values), _clock.GetUtcNow(), _speech);
            _list.Write(stream => stream.Write(Encoding.UTF8.GetBytes(writer.Write(RunIdentity.ToolVersion()))));
        }

        return result;
    }

    /// <summary>
    /// Reports how the run ended: the report, the result on stdout, the metrics as the last line
    /// there, and then the error.
    /// </summary>
    /// <returns>The exit code of the process.</returns>
    public ExitCode Finish(RunResult? result, Failure? failure)
    {
        var elapsed = _clock.GetElapsedTime(_started);
        _display.Dispose();
        WriteReports(() => Summarize(result, failure, elapsed));
        try
        {
            if (result is not null && !new[] { _report, _page, _list }.Any(output => output is { IsStdout: true }))
                _terminal.WriteOutput(
                    _telling.JsonResult
                        ? ResultJson.Of(Summarize(result, failure, elapsed))
                        : ResultText.Of(Summarize(result, failure, elapsed), _speech));
            if (_telling.Metrics == MetricsFormat.Emf)
                _terminal.WriteOutput(EmbeddedMetrics.Format(Summarize(result, failure, elapsed)));
        }
        catch (IOException error)
        {
            // Where a file became active, or was checked, the exit code says so. What a plan has to
            // say is lost.
            var problem = $"Standard output (stdout) cannot be written to ({error.Message})";
            if (result is { File: not null })
                Log.Write(LogLevel.Warn, "output.lost", $"{problem}; the exit code says how the run ended");
            else
                failure ??= Failure.Of(new TransientException(problem, advice: "give stdout a place that has room, and run again"), null);
        }

        if (failure is not null)
            Log.Write(failure);
        return failure?.ExitCode ?? ExitCode.Done;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _display.Dispose();
        _sampler?.Dispose();
        _report?.Dispose();
        _page?.Dispose();
        _list?.Dispose();
    }

    private void Abandon()
    {
        Log.Write(LogLevel.Error, "abandoned", "The run was ended before it could tidy up");
        _display.Abandon();
    }

    private IDisplay NewDisplay(ProgressMeter meter)
    {
        if (_telling.Quiet)
            return new SilentDisplay();
        if (_telling.Format == LogFormat.Json)
            return new PlainDisplay(_clock, meter, sample => PlainDisplay.Write(Log, sample));
        return Terminal.ErrorIsLive
            ? new LiveDisplay(_clock, meter, _terminal, _speech)
            : new PlainDisplay(_clock, meter, sample => _terminal.WriteError(PlainDisplay.ToLine(sample, _speech)));
    }

    private void WriteReports(Func<RunReport> summarize)
    {
        if (_report is null && _page is null)
            return;
        var started = _clock.GetTimestamp();
        _observer.PhaseStarted(RunPhase.Report);
        _samples = _sampler?.Finish() ?? [];
        var report = summarize();
        if (_report is not null)
            WriteReport(_report, stream => RunReportWriter.Write(report, stream));
        if (_page is not null)
            WriteReport(_page, stream => stream.Write(RunPageWriter.Write(report, _telling.Language)));
        _observer.PhaseFinished(RunPhase.Report, _clock.GetElapsedTime(started));
    }

    private void WriteReport(ReportOutput output, Action<Stream> write)
    {
        try
        {
            output.Write(write);
        }
        catch (TransientException error)
        {
            // The work is done or has failed; a report that cannot be written does not change
            // which.
            Log.Write(LogLevel.Error, "report.failed", error.ToLine());
        }
        catch (IOException error)
        {
            Log.Write(
                LogLevel.Error, "report.failed",
                $"The report could not be written to {(output.IsStdout ? "standard output (stdout)" : "standard error")} ({error.Message})");
        }
    }

    private RunReport Summarize(RunResult? result, Failure? failure, TimeSpan elapsed)
    {
        return new RunReport
        {
            Command = _command.Name,
            RunId = _runId,
            ToolVersion = RunIdentity.ToolVersion(),
            Batch = _batch,
            StartedAt = _startedAt,
            Elapsed = elapsed,
            Outcome = failure switch
            {
                null => result!.Outcome,
                { ExitCode: ExitCode.Interrupted or ExitCode.Terminated } => RunOutcome.Cancelled,
                _ => RunOutcome.Failed,
            },
            ExitCode = failure?.ExitCode ?? ExitCode.Done,
            Settings = [.. _values.ForReport()],
            Facts = _recorder.Snapshot(),
            Progress = _progress,
            Samples = _samples,
            PeakMemoryBytes = PeakMemory(),
            Result = result,
            Error = failure?.ToReportError(),
        };
    }

    /// <summary>
    /// The largest resident memory; 0 when the system does not answer, which must not fail a run
    /// that has published.
    /// </summary>
    private static long PeakMemory()
    {
        try
        {
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64;
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception or IOException)
        {
            return 0;
        }
    }
}
