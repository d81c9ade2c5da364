using System.Runtime.InteropServices;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Storage.Local;

/// <summary>Errors of System.IO as errors of the program.</summary>
internal static class LocalErrors
{
    /// <summary>
    /// EFBIG: the file system, or a limit of the process (ulimit -f), allows no larger file.
    /// </summary>
    public const int FileTooLarge = 27;

    /// <summary>EIO: the disk, or the server of the share, failed.</summary>
    public const int InputOutput = 5;

    private const int DiskFullWindows = unchecked((int)0x80070070);
    private const int HandleDiskFullWindows = unchecked((int)0x80070027);
    private const int NoSpace = 28;
    private const int NotAFolder = 20;
    private const int LoopLinux = 40;
    private const int LoopMac = 62;
    private const int ReadOnlyFileSystem = 30;
    private const int QuotaLinux = 122;
    private const int QuotaMac = 69;
    private const int NoLocksLinux = 37;
    private const int NoLocksMac = 77;
    private const int NotSupportedLinux = 95;
    private const int NotSupportedMac = 45;
    private const int AcrossDevices = 18;
    private const int TooManyOpenFiles = 24;
    private const int MostErrorNumber = 4095;

    /// <summary>Does something to a file, with the errors of System.IO translated.</summary>
    public static T Attempt<T>(string operation, string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (Knows(error))
        {
            throw Translate(error, operation, path);
        }
    }

    /// <summary>Does something to a file, with the errors of System.IO translated.</summary>
    public static async ValueTask<T> AttemptAsync<T>(string operation, string path, Func<ValueTask<T>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (Exception error) when (Knows(error))
        {
            throw Translate(error, operation, path);
        }
    }

    /// <summary>What to throw for a path that leads to a pipe, a socket or a device.</summary>
    public static ConfigurationException NoFile(string path) =>
        new("This is a pipe, a socket or a device, not a file", ErrorPlace.Of(path), "name a regular file, or take it out of the folder");

    /// <summary>Whether <see cref="Translate"/> knows an exception.</summary>
    public static bool Knows(Exception error) => error is IOException or UnauthorizedAccessException;

    /// <summary>What to throw for a System.IO exception.</summary>
    /// <param name="error">One that <see cref="Knows"/>.</param>
    /// <param name="operation">What was being done, as an infinitive phrase: <c>read a
    /// file</c>.</param>
    /// <param name="path">The object or folder.</param>
    public static IdExtractorException Translate(Exception error, string operation, string path)
    {
        var place = ErrorPlace.Of(path);
        return error switch
        {
            UnauthorizedAccessException =>
                new ConfigurationException(
                    $"Cannot {operation}: permission denied", place, "give the user that runs this the right to do so", error),
            PathTooLongException => new ConfigurationException(
                $"Cannot {operation}: the path is too long", place, "use a shorter path", error),
            FileNotFoundException or DirectoryNotFoundException =>
                new TransientException(
                    $"Cannot {operation}: it was removed meanwhile, or part of its path is no folder", place, null, error),
            _ => OfCode(error, operation, place),
        };
    }

    /// <summary>The links of a path lead in a circle.</summary>
    public static bool IsLoop(IOException error) =>
        error.HResult == (OperatingSystem.IsMacOS() ? LoopMac : LoopLinux) && !OperatingSystem.IsWindows();

    private static IdExtractorException OfCode(Exception error, string operation, ErrorPlace place)
    {
        switch (error.HResult)
        {
            case DiskFullWindows or HandleDiskFullWindows:
            case NoSpace when !OperatingSystem.IsWindows():
                return new TransientException($"Cannot {operation}: disk full", place, "free some space and run again", error);
            case QuotaLinux when OperatingSystem.IsLinux():
            case QuotaMac when OperatingSystem.IsMacOS():
                return new TransientException(
                    $"Cannot {operation}: disk full, the quota is used up", place, "free some space and run again", error);
            case ReadOnlyFileSystem when !OperatingSystem.IsWindows():
                return new ConfigurationException(
                    $"Cannot {operation}: the file system is read-only", place, "use another root or mount it writable", error);
            case NotAFolder when !OperatingSystem.IsWindows():
                return new ConfigurationException(
                    $"Cannot {operation}: part of its path is a file, not a folder", place, "check the path", error);
            case LoopLinux when OperatingSystem.IsLinux():
            case LoopMac when OperatingSystem.IsMacOS():
                return new ConfigurationException(
                    $"Cannot {operation}: the links in its path lead in a circle", place, "check the links", error);
            case NoLocksLinux or NotSupportedLinux when OperatingSystem.IsLinux():
            case NoLocksMac or NotSupportedMac when OperatingSystem.IsMacOS():
                return new ConfigurationException(
                    $"Cannot {operation}: the file system has no file locks", place, "use a root on a file system that has them", error);
            case AcrossDevices when !OperatingSystem.IsWindows():
                return new ConfigurationException($"Cannot {operation}: the file system cannot rename within this folder", place,
                    "use a root that is one folder of one file system", error);
            case TooManyOpenFiles when !OperatingSystem.IsWindows():
                return new ConfigurationException($"Cannot {operation}: too many open files", place, "raise the limit (ulimit -n)", error);
            case FileTooLarge when !OperatingSystem.IsWindows():
                return new ConfigurationException($"Cannot {operation}: the file would be larger than the system allows", place,
                    "raise the limit (ulimit -f), or use a file system that stores larger files", error);
            default:
                return new TransientException(
                    $"Cannot {operation}: {TextOf(error.HResult)}", place, "look at the disk or the share, then run again", error);
        }
    }

    /// <summary>
    /// The cause of an exception that <see cref="Knows"/>, in the system's words.
    /// </summary>
    public static string TextOf(Exception error) => error is UnauthorizedAccessException ? "permission denied" : TextOf(error.HResult);

    /// <summary>
    /// The system's words for an error number. Those of the exception repeat the path, which the
    /// place names already.
    /// </summary>
    private static string TextOf(int code) => OperatingSystem.IsWindows() || code is <= 0 or > MostErrorNumber
        ? $"input/output error {code}"
        : $"{Marshal.GetPInvokeErrorMessage(code)} (error {code})";
}
