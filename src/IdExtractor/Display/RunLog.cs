using System.Globalization;
using System.Text;
using IdExtractor.Cli;
using IdExtractor.Core.Job;
using IdExtractor.Core.Report;
using IdExtractor.Foundation.Privacy;
using IdExtractor.Phrases;

namespace IdExtractor.Display;

/// <summary>
/// Where log lines go. Nothing that is logged holds a document or an ID (specification, section 8).
/// </summary>
internal abstract class RunLog(LogLevel least)
{
    /// <summary>Lines of this level are written.</summary>
    public bool Takes(LogLevel level) => level <= least;

    /// <summary>Writes a line, when its level is wanted.</summary>
    /// <param name="level">How grave.</param>
    /// <param name="name">What happened, in lower case with dots.</param>
    /// <param name="message">The same in words; null when name and fields say it all.</param>
    /// <param name="fields">Circumstances.</param>
    public void Write(LogLevel level, string name, string? message = null, params ReadOnlySpan<RunField> fields)
    {
        if (!Takes(level))
            return;
        RunField[] shown = [.. fields];
        for (var i = 0; i < shown.Length; i++)
        {
            if (shown[i].Text is { } text)
                shown[i] = new RunField(shown[i].Name, Confidential.Mask(text));
        }

        WriteLine(level, name, Confidential.MaskOrNull(message), shown);
    }

    /// <summary>
    /// Writes the error that ended the run and, where debug is wanted, where it came from.
    /// </summary>
    public void Write(Failure failure)
    {
        Write(
            LogLevel.Error, "failed", failure.Line,
            new RunField("kind", failure.Kind), new RunField("exit_code", (long)failure.ExitCode));
        if (failure.Error is { } error && Takes(LogLevel.Debug))
            WriteLine(LogLevel.Debug, "failed.stack", "stack trace", [new RunField("stack", StackText.Of(error))]);
    }

    protected abstract void WriteLine(LogLevel level, string name, string? message, ReadOnlySpan<RunField> fields);
}

/// <summary>
/// For people: <c>warning: ...</c>, and below that level the event and its circumstances. Logs of
/// that detail have time and run id on each line.
/// </summary>
internal sealed class TextLog(LogLevel least, Terminal terminal, string runId, Speech speech) : RunLog(least)
{
    private const string Plain = "\e[0m";

    private static readonly string[] s_prefixes = ["error:", "warning:", "info:", "debug:"];
    private static readonly string[] s_colors = ["\e[1;31m", "\e[1;33m", "\e[2m", "\e[2m"];

    protected override void WriteLine(LogLevel level, string name, string? message, ReadOnlySpan<RunField> fields)
    {
        var line = new StringBuilder(message is null ? name : speech.Line(message));
        if (level >= LogLevel.Info)
        {
            foreach (var field in fields)
                line.Append(' ').Append(field.Name).Append('=').Append(
                    field.Text ?? field.Number.ToString("0.###", CultureInfo.InvariantCulture));
        }

        var word = speech.Of(s_prefixes[(int)level]);
        var prefix = terminal.ErrorIsColored ? $"{s_colors[(int)level]}{word}{Plain}" : word;
        var origin = Takes(LogLevel.Info) ? $"{RunReportWriter.Timestamp(DateTimeOffset.UtcNow)} {runId} " : "";
        terminal.WriteError($"{origin}{prefix} {Printable.Of(line.ToString())}");
    }
}
