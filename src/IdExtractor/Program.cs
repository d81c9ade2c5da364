using IdExtractor.Cli;
using IdExtractor.Cli.Commands;
using IdExtractor.Cli.Options;
using IdExtractor.Core.Report;
using IdExtractor.Display;
using IdExtractor.Foundation.Errors;
using IdExtractor.Host;
using IdExtractor.Phrases;

namespace IdExtractor;

/// <summary>The process: the words of its command line become an exit code.</summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        ProcessSetup.Run();
        return Run(args, Composition.RunAsync);
    }

    /// <summary>
    /// Runs the command that the words name. This is the only place that catches everything.
    /// </summary>
    /// <param name="args">The words of the command line.</param>
    /// <param name="runner">Puts the parts of the run together and runs its command.</param>
    /// <returns>What the process ends with.</returns>
    internal static int Run(string[] args, CommandRunner runner)
    {
        var terminal = new Terminal(CommandLine.GuessColor(args));
        var runId = RunIdentity.NewRunId();
        var speech = Speech.Of(CommandLine.GuessLanguage(args));
        var log = CommandRun.NewLog(CommandLine.GuessLogFormat(args), LogLevel.Error, terminal, runId, speech);
        CrashGuard.Install(() => log);
        using var signals = new Signals();
        CommandRun? run = null;
        RunResult? result = null;
        Failure? failure = null;
        try
        {
            if (CommandLine.Answer(args, speech) is { } answer)
                return Tell(terminal, answer);
            var (command, typed) = CommandLine.Read(args);
            MisspeltVariables.Refuse(Variables());
            run = new CommandRun(command, OptionValues.Gather(command, typed, Environment.GetEnvironmentVariable), terminal, runId);
            log = run.Log;
            result = run.Work(runner, signals);
        }
        catch (Exception error)
        {
            failure = Failure.Of(error, signals.Received);
        }

        if (run is null)
        {
            log.Write(failure!);
            return (int)failure!.ExitCode;
        }

        signals.Settle(failure?.ExitCode ?? ExitCode.Done);
        using (run)
            return (int)run.Finish(result, failure);
    }

    private static Dictionary<string, string> Variables() =>
        Environment.GetEnvironmentVariables()
            .Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");

    private static int Tell(Terminal terminal, string text)
    {
        terminal.WriteOutput(text);
        return (int)ExitCode.Done;
    }
}
