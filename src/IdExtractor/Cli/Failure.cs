using System.Runtime.InteropServices;
using System.Text;
using IdExtractor.Core.Errors;
using IdExtractor.Core.Report;
using IdExtractor.Display;

namespace IdExtractor.Cli;

/// <summary>What an exception means to whoever started the process: exit code, one line, and the same in parts for the report.</summary>
/// <param name="ExitCode">What the process ends with.</param>
/// <param name="Kind">In lower case with underscores, for logs and reports.</param>
/// <param name="Line">Problem, place and advice in one line.</param>
/// <param name="Error">The exception; null when a signal ended the run.</param>
internal sealed record Failure(ExitCode ExitCode, string Kind, string Line, Exception? Error)
{
    private const int DiskFull = 28, DiskFullOnWindows = 112;

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

    /// <summary>The exceptions that no part of the program has named. Their messages are left out unless the operating system wrote them, for others may repeat data.</summary>
    private static (ExitCode ExitCode, string Kind, string Line) Read(Exception error) => error switch
    {
        // More of the same memory would run out again, so this is not worth a retry by itself.
        OutOfMemoryException => (ExitCode.Configuration, "out_of_memory", "Out of memory; lower --max-memory or --threads, or give the process more memory"),
        UnauthorizedAccessException => (ExitCode.Configuration, "access_denied", OneLine(error.Message)),
        FileNotFoundException or DirectoryNotFoundException => (ExitCode.Configuration, "not_found", OneLine(error.Message)),
        IOException when (error.HResult & 0xFFFF) is DiskFull or DiskFullOnWindows =>
            (ExitCode.Transient, "disk_full", OneLine(error.Message) + "; make room and run again"),
        IOException => (ExitCode.Transient, "io", OneLine(error.Message) + "; run again"),
        OperationCanceledException or TimeoutException => (ExitCode.Transient, "timeout", "An operation took too long and was given up; run again"),
        _ => (ExitCode.Bug, "bug", BugLine(error)),
    };

    private static string BugLine(Exception error)
    {
        var origin = StackText.Origin(error) is { } method ? " in " + method : "";
        return $"Internal error: {error.GetType().Name}{origin}; this is a defect of idextractor: please report it with its version, the command line and what --log-level debug adds";
    }

    /// <summary>The error that matters among those that ended parallel work: one that the program has named, else the first.</summary>
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
