using System.Diagnostics;
using System.Globalization;

namespace IdExtractor.Fuzz.Probing;

/// <summary>
/// How much resident memory this process took at most since a moment. Where the system cannot
/// forget an earlier peak, that one counts, too: never less than the truth.
/// </summary>
internal sealed class MemoryPeak
{
    private const string Forget = "/proc/self/clear_refs";
    private const string Status = "/proc/self/status";

    private readonly long _idle;

    private MemoryPeak(long idle) => _idle = idle;

    /// <summary>Bytes above what was resident at the start.</summary>
    public long Growth => Math.Max(0, Read("VmHWM:") - _idle);

    /// <summary>Begins to watch.</summary>
    public static MemoryPeak Start()
    {
        GC.Collect();
        if (File.Exists(Forget))
        {
            try
            {
                // "5" sets the peak back to what is resident now (proc(5)).
                File.WriteAllText(Forget, "5");
            }
            catch (IOException)
            {
            }
            catch (UnauthorizedAccessException)
            {
            }
        }

        return new MemoryPeak(Read("VmRSS:"));
    }

    private static long Read(string name)
    {
        if (!File.Exists(Status))
        {
            using var process = Process.GetCurrentProcess();
            return name == "VmHWM:" ? process.PeakWorkingSet64 : process.WorkingSet64;
        }

        var line = File.ReadLines(Status).First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(
            line[name.Length..^"kB".Length], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture) * 1024;
    }
}
