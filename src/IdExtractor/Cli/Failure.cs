using System.Runtime.InteropServices;
using System.Text;
using IdExtractor.Core.Report;
using IdExtractor.Display;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Cli;

/// <summary>
/// What an exception means to the caller of the process: exit code, one line, and the same in parts
/// for the report.
/// </summary>
/// <param name="ExitCode">The exit code of the process.</param>
/// <param name="Kind">In lower case with underscores, for logs and reports.</param>
/// <param name="Line">Problem, place and advice in one line.</param>
/// <param name="Error">The exception; null when a signal ended the run.</param>
internal sealed record Failure(ExitCode ExitCode, string Kind, string Line, Exception? Error)
{
    private const int DiskFull = 28, DiskFullOnWindows = 112, TooManyOpenFiles = 24, FileTooLarge = 27, MostErrorNumber = 4095;

    private const string NoThread =
        "A thread could not be started; raise the limit on processes and threads (ulimit -u, or the pids of the container), give the process more memory, or lower --threads";

    /// <summary>Reads an exception.</summary>
    /// <param name="error">What ended the run.</param>
    /// <param name="signal">The signal that cancelled it, if one did.</param>
    public static Failure Of(Exception error, PosixSignal? signal)
    {
        var cause = Unwrap(error);
        if (signal is { } received && cause is not IdExtractorException { ExitCode: not ExitCode.Transient })
            return Cancelled(received);
        if (cause is IdExtractorException known)
            return new Failure(known.ExitCode, KindOf(known), known.ToLine(), known);
        var (exitCode, kind, line) = Read(cause);
        return new Failure(exitCode, kind, line, cause);
    }

    /// <summary>The error of the report.</summary>
    public ReportError ToReportError() => Error is IdExtractorException known
        ? new ReportError { Kind = Kind, ExitCode = ExitCode, Message = known.Message, Advice = known.Advice, Place = known.Place }
        : new ReportError { Kind = Kind, ExitCode = ExitCode, Message = Line };

    /// <summary>The run was cancelled.</summary>
    private static Failure Cancelled(PosixSignal signal) => signal == PosixSignal.SIGTERM
        ? new Failure(ExitCode.Terminated, "cancelled", "Cancelled by SIGTERM", null)
        : new Failure(ExitCode.Interrupted, "cancelled", "Cancelled by SIGINT", null);

    /// <summary>
    /// The exceptions that no part of the program has named. Their messages are not repeated: they
    /// may hold data, and are written for programmers.
    /// </summary>
    private static (ExitCode ExitCode, string Kind, string Line) Read(Exception error) => error switch
    {
        ThreadStartException or TaskSchedulerException => (ExitCode.Configuration, "no_thread", NoThread),
        OutOfMemoryException when IsOfThread(error) => (ExitCode.Configuration, "no_thread", NoThread),

        // More of the same memory would run out again, so this is not worth a retry by itself.
        OutOfMemoryException => (
            ExitCode.Configuration, "out_of_memory", "Out of memory; lower --max-memory or --threads, or give the process more memory"),
        UnauthorizedAccessException => (
            ExitCode.Configuration, "access_denied", $"Permission denied{PlaceIn(error)}; give the user that runs this the right to it"),
        FileNotFoundException or DirectoryNotFoundException => (
            ExitCode.Configuration, "not_found", $"There is no such file or folder{PlaceIn(error)}; check the path"),
        IOException when (error.HResult & 0xFFFF) is DiskFull or DiskFullOnWindows =>
            (ExitCode.Transient, "disk_full", $"No space left on device{PlaceIn(error)}; make room and run again"),
        IOException { HResult: TooManyOpenFiles } => (
            ExitCode.Configuration, "too_many_files", $"Too many open files{PlaceIn(error)}; raise the limit (ulimit -n)"),
        IOException { HResult: FileTooLarge } => (
            ExitCode.Configuration, "file_too_large",
            $"A file would be larger than the system allows{PlaceIn(error)}; raise the limit (ulimit -f)"),
        IOException io => (ExitCode.Transient, "io", $"{string.Concat(TextOf(io), PlaceIn(error))}; run again"),
        OperationCanceledException or TimeoutException => (
            ExitCode.Transient, "timeout", "An operation took too long and was given up; run again"),
        _ => (ExitCode.Bug, "bug", BugLine(error)),
    };

    private static bool IsOfThread(Exception error) => new System.Diagnostics.StackTrace(error, fNeedFileInfo: false).GetFrames()
        .Any(
            frame => System.Diagnostics.DiagnosticMethodInfo.Create(frame)
                is { Name: "Start" or "StartCore" or "StartInternal" or "UnsafeStart" } method
            && method.DeclaringTypeName == "System.Threading.Thread");

    /// <summary>The file or folder that an exception of System.IO names.</summary>
    private static string PlaceIn(Exception error)
    {
        var from = error.Message.IndexOf('\'', StringComparison.Ordinal);
        var to = error.Message.LastIndexOf('\'');
        return from >= 0 && to > from + 1 ? ": " + OneLine(error.Message[(from + 1)..to]) : "";
    }

    private static string TextOf(IOException error) => !OperatingSystem.IsWindows() && error.HResult is > 0 and <= MostErrorNumber
        ? Marshal.GetPInvokeErrorMessage(error.HResult)
        : "An input/output error";

    private static string BugLine(Exception error)
    {
        var type = error.GetType().Name;
        var origin = StackText.Origin(error) is { } method ? $"{type} in {method}" : type;
        return $"Internal error: {origin}; this is a defect of idextractor: please report it with its version, the command line and what --log-level debug adds";
    }

    /// <summary>
    /// The error that matters among those that ended parallel work: one that the program has named,
    /// else the first.
    /// </summary>
    private static Exception Unwrap(Exception error)
    {
        if (error is not AggregateException aggregate)
            return error;
        var all = aggregate.Flatten().InnerExceptions;
        return all.FirstOrDefault(one => one is IdExtractorException)
            ?? all.FirstOrDefault(one => one is not OperationCanceledException)
            ?? all.FirstOrDefault(error);
    }

    private static string KindOf(IdExtractorException error)
    {
        const string Suffix = "Exception";
        var name = error.GetType().Name;
        var kind = new StringBuilder();
        foreach (var letter in name.EndsWith(Suffix, StringComparison.Ordinal) ? name.AsSpan(0, name.Length - Suffix.Length) : name)
        {
            if (char.IsUpper(letter) && kind.Length > 0)
                kind.Append('_');
            kind.Append(char.ToLowerInvariant(letter));
        }

        return kind.ToString();
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").TrimEnd('.');
}
