using System.Text;
using IdExtractor.Host;

namespace IdExtractor.Display;

/// <summary>
/// The process's stdout and stderr. Lines are written whole, in UTF-8, by one thread at a time.
/// </summary>
/// <param name="color">When text is coloured, as far as known so far.</param>
internal sealed class Terminal(ColorMode color = ColorMode.Auto)
{
    private readonly StandardStream _output = StandardStream.Output, _error = StandardStream.Error;
    private Action<string>? _detour;

    /// <summary>Stderr is a terminal that can move its cursor.</summary>
    public static bool ErrorIsLive =>
        StandardStream.Error.IsThere
        && !Console.IsErrorRedirected
        && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or "" or null);

    /// <summary>Stdout is a terminal that can show bold type.</summary>
    public static bool OutputIsStyled =>
        StandardStream.Output.IsThere
        && !Console.IsOutputRedirected
        && !NoColor
        && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or "" or null);

    /// <summary>Text on stderr is coloured.</summary>
    public bool ErrorIsColored => Color switch
    {
        ColorMode.Always => true,
        ColorMode.Never => false,
        _ => ErrorIsLive && !NoColor,
    };

    /// <summary>When text is coloured.</summary>
    public ColorMode Color { get; set; } = color;

    /// <summary>Columns of stdout; null when it is not a terminal.</summary>
    public static int? OutputWidth =>
        StandardStream.Output.IsThere && !Console.IsOutputRedirected && SystemCalls.WidthOf(1) is > 0 and var width ? width : null;

    /// <summary>The user wants no colours (no-color.org).</summary>
    public static bool NoColor => Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };

    /// <summary>Writes a line to stdout.</summary>
    /// <exception cref="IOException">
    /// It is closed or cannot be written, for example on a full disk. A reader that has gone away
    /// is ignored.
    /// </exception>
    public void WriteOutput(string line) => Write(_output, line);

    /// <summary>Writes a line to stderr, or above the live bar when there is one.</summary>
    public void WriteError(string line)
    {
        if (Volatile.Read(ref _detour) is { } detour)
        {
            detour(line);
            return;
        }

        try
        {
            Write(_error, line);
        }
        catch (IOException)
        {
            // There is nowhere left to report it.
        }
    }

    /// <summary>Sends lines for stderr elsewhere; null sends them to stderr again.</summary>
    public void DetourError(Action<string>? detour) => Volatile.Write(ref _detour, detour);

    private static void Write(StandardStream stream, string line) => stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
}
