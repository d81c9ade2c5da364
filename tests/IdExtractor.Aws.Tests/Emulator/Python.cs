using System.Diagnostics;

namespace IdExtractor.Aws.Tests.Emulator;

/// <summary>
/// The Python that runs the emulator: <c>IDEXTRACTOR_PYTHON</c>, else <c>python3</c>.
/// </summary>
internal static class Python
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private static readonly Lazy<string?> s_missing = new(() => Try("import flask, moto.core, werkzeug", out var said) ? null : said);

    /// <summary>Its name or path.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable("IDEXTRACTOR_PYTHON") is { Length: > 0 } named
        ? named
        : "python3";

    /// <summary>
    /// True where tests fail instead of being skipped: <c>CI</c> is <c>true</c>, or
    /// <c>IDEXTRACTOR_REQUIRE_EMULATOR</c> is set.
    /// </summary>
    public static bool IsMandatory =>
        Environment.GetEnvironmentVariable("CI") == "true"
            || Environment.GetEnvironmentVariable("IDEXTRACTOR_REQUIRE_EMULATOR") is { Length: > 0 };

    /// <summary>Why tests on the emulator cannot run; null when they can, or must.</summary>
    public static string? SkipReason =>
        IsMandatory || s_missing.Value is not { } said
            ? null
            : $"{Program} cannot run the emulator (pip install 'moto[server]==5.2.1' boto3): {said}";

    /// <summary>Runs a short script to its end.</summary>
    /// <param name="script">The script's text.</param>
    /// <param name="said">What it wrote: its output when it went well, else the last line of its
    /// complaint.</param>
    /// <returns>It went well.</returns>
    public static bool Try(string script, out string said)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(Program, ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var complaints = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(s_limit))
                process.Kill();
            process.WaitForExit();
            said = process.ExitCode == 0 ? output.Result : complaints.Result.Trim().Split('\n')[^1];
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            said = error.Message;
            return false;
        }
    }
}
