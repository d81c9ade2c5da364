using IdExtractor.Cli;
using IdExtractor.Cli.Help;
using IdExtractor.Cli.Options;
using IdExtractor.Core.Report;
using IdExtractor.Display;
using IdExtractor.Foundation.Errors;
using IdExtractor.Host;

namespace IdExtractor;

/// <summary>The process: the words of its command line become an exit code.</summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        ProcessSetup.Run();
        return Run(args, Composition.CreateEngine);
    }

    /// <summary>Runs the command that the words name. This is the only place that catches everything.</summary>
    /// <param name="args">The words of the command line.</param>
    /// <param name="engines">Builds the engine.</param>
    /// <returns>What the process ends with.</returns>
    internal static int Run(string[] args, EngineFactory engines)
    {
        var terminal = new Terminal();
        var runId = RunIdentity.NewRunId();
        var log = CommandRun.NewLog(CommandLine.GuessLogFormat(args), LogLevel.Error, terminal, runId);
        CrashGuard.Install(() => log);
        using var signals = new Signals();
        CommandRun? run = null;
        RunResult? result = null;
        Failure? failure = null;
        try
        {
            var (command, typed) = CommandLine.Read(args);
            if (command is null)
                return Tell(terminal, typed.WantsHelp ? HelpText.Overview() : $"idextractor {RunIdentity.ToolVersion()}");
            if (typed.WantsHelp)
                return Tell(terminal, HelpText.Of(command));

            run = new CommandRun(command, OptionValues.Gather(command, typed, Environment.GetEnvironmentVariable), terminal, runId);
            log = run.Log;
            result = run.Work(engines, signals);
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

    private static int Tell(Terminal terminal, string text)
    {
        terminal.WriteOutput(text);
        return (int)ExitCode.Done;
    }
}
