using IdExtractor.Display;

namespace IdExtractor.Cli;

/// <summary>
/// Exceptions that escape a thread of their own never reach the program's catch block. The runtime
/// would print their messages, which may repeat data (specification, section 8), and abort. They
/// are reported like any other defect instead.
/// </summary>
internal static class CrashGuard
{
    /// <summary>Takes over from the runtime.</summary>
    public static void Install(Func<RunLog> log) => AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
    {
        var failure = Failure.Of((Exception)unhandled.ExceptionObject, null);
        log().Write(failure);
        Environment.Exit((int)failure.ExitCode);
    };
}
