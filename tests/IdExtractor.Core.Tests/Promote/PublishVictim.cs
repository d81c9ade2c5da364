using System.Diagnostics;
using System.Globalization;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Core.Tests.Storage.Local;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Tests.Promote;

/// <summary>Where a process ends itself, without any chance to clean up.</summary>
internal enum DeathMoment
{
    /// <summary>It lives.</summary>
    Never,

    /// <summary>Before the operation.</summary>
    Before,

    /// <summary>In the middle of a write.</summary>
    Halfway,
}

/// <summary>
/// A separate process that publishes one file to a local root and can be made to die at one of its
/// file operations.
/// </summary>
internal static class PublishVictim
{
    private const int Killed = 137;

    /// <summary>How a victim ended.</summary>
    /// <param name="ExitCode">That of the error, or of success.</param>
    /// <param name="WasKilled">By a signal that cannot be caught.</param>
    internal readonly record struct End(int ExitCode, bool WasKilled);

    /// <summary>Starts one. It begins to work when a line is written to its input.</summary>
    public static Process Start(string root, string partition, string runId, int step = 0, DeathMoment moment = DeathMoment.Never)
    {
        var dotnet = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", "dotnet"));
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? dotnet + ".exe" : dotnet)
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                typeof(PublishVictim).Assembly.Location,
                "publish", root, partition, runId, step.ToString(CultureInfo.InvariantCulture), moment.ToString(),
            },
        };
        start.Environment["DOTNET_TieredPGO"] = "0";
        return Process.Start(start)!;
    }

    /// <summary>Waits for its end.</summary>
    public static async Task<End> EndAsync(Process process)
    {
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        var wasKilled = OperatingSystem.IsWindows() ? process.ExitCode == -1 : process.ExitCode == Killed;
        if (!wasKilled && said.Length > 0)
            throw new InvalidOperationException(said);
        return new End(process.ExitCode, wasKilled);
    }

    /// <summary>The program.</summary>
    /// <returns>The exit code of the product.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var deadly = int.Parse(arguments[3], CultureInfo.InvariantCulture);
        var moment = Enum.Parse<DeathMoment>(arguments[4]);
        var files = new SteppingFileSystem(DiskFileSystem.Instance, step => DieWhen(step.Number == deadly && moment == DeathMoment.Before))
        {
            Halfway = moment == DeathMoment.Halfway ? step => DieWhen(step.Number == deadly) : null,
        };
        var store = new LocalObjectStore(arguments[0], rootMayBeMissing: true, files, TimeProvider.System);
        await Console.In.ReadLineAsync();
        try
        {
            await PublishScene.PublishAsync(store, arguments[1], arguments[2]);
            return (int)ExitCode.Done;
        }
        catch (IdExtractorException error)
        {
            return (int)error.ExitCode;
        }
    }

    private static void DieWhen(bool dies)
    {
        if (!dies)
            return;
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
    }
}
