using System.Runtime.InteropServices;

namespace IdExtractor.Host;

/// <summary>The system calls about the process itself that .NET does not offer.</summary>
internal static partial class SystemCalls
{
    public const int Interrupted = 4;
    public const int TryAgainLinux = 11;
    public const int TryAgainMac = 35;
    public const int BrokenPipe = 32;

    public const short Writable = 4;

    private const int GetDescriptorFlags = 1;
    private const int CloseOnExec = 1;
    private const int ReadWrite = 2;

    private const nuint WindowSizeLinux = 0x5413;
    private const nuint WindowSizeMac = 0x40087468;

    private const int SetDumpable = 4;
    private const int CoreSizeLinux = 4;
    private const int CoreSizeMac = 4;

    private const int StopSignalLinux = 20;
    private const int StopSignalMac = 18;
    private const int ErrorDescriptor = 2;
    private const int AbortSignal = 6;
    private const int FileSizeSignal = 25;
    private const nint Default = 0;
    private const nint Ignore = 1;

    /// <summary>
    /// The descriptor was given to the process by the one that started it. Those that the runtime
    /// opens for itself are closed on exec, so none of them could have been given.
    /// </summary>
    public static bool WasGiven(int descriptor) =>
        GetFlags(descriptor, GetDescriptorFlags, 0) is >= 0 and var flags && (flags & CloseOnExec) == 0;

    /// <summary>The descriptor is not open.</summary>
    public static bool IsClosed(int descriptor) => GetFlags(descriptor, GetDescriptorFlags, 0) < 0;

    /// <summary>Opens the null device under the lowest free number.</summary>
    public static int OpenNull() => Open("/dev/null", ReadWrite);

    /// <summary>No file of this process's memory is written when it crashes.</summary>
    /// <remarks>
    /// The limit alone does not hold where the system sends dumps to a program; the other setting
    /// exists on Linux only.
    /// </remarks>
    public static void DisableCoreDumps()
    {
        var none = default(Limit);
        _ = SetLimit(OperatingSystem.IsMacOS() ? CoreSizeMac : CoreSizeLinux, in none);
        if (OperatingSystem.IsLinux())
            _ = ProcessControl(SetDumpable, 0, 0, 0, 0);

        // The runtime would have its own dump written, and goes on after an abort from outside.
        _ = SetSignal(AbortSignal, Default);
    }

    /// <summary>
    /// A file that grows beyond the limit of the system is an error of the write, not the end of
    /// the process.
    /// </summary>
    public static void IgnoreFileSizeSignal() => _ = SetSignal(FileSizeSignal, Ignore);

    /// <summary>Waits until a descriptor can be written to.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="milliseconds">How long at most.</param>
    /// <returns>False when the time is over, or a signal came. True also for an error, which the
    /// write will name.</returns>
    public static bool WaitUntilWritable(int descriptor, int milliseconds)
    {
        var wanted = new Polled { Descriptor = descriptor, Events = Writable };
        return Poll(ref wanted, 1, milliseconds) > 0;
    }

    /// <summary>write.</summary>
    /// <returns>Bytes written; below 0 when it failed, with the error in
    /// <see cref="Marshal.GetLastPInvokeError"/>.</returns>
    public static nint Write(int descriptor, ReadOnlySpan<byte> bytes) =>
        Write(descriptor, in MemoryMarshal.GetReference(bytes), bytes.Length);

    /// <summary>
    /// Columns of the terminal behind a descriptor; 0 when there is none, or it does not know.
    /// </summary>
    public static int WidthOf(int descriptor)
    {
        if (OperatingSystem.IsWindows())
            return Console.WindowWidth;
        var size = default(WindowSize);
        return GetWindowSize(descriptor, OperatingSystem.IsMacOS() ? WindowSizeMac : WindowSizeLinux, ref size) == 0 ? size.Columns : 0;
    }

    /// <summary>
    /// The terminal behind stderr shows the output of this process, not of another job of the
    /// shell. True when that cannot be determined.
    /// </summary>
    public static bool IsInForeground() =>
        OperatingSystem.IsWindows() || GetForegroundGroup(ErrorDescriptor) is not (> 0 and var foreground) || foreground == GetOwnGroup();

    /// <summary>Stops this process as Ctrl-Z does. Returns when it is continued.</summary>
    public static void StopThisProcess() =>
        _ = SendSignal(Environment.ProcessId, OperatingSystem.IsMacOS() ? StopSignalMac : StopSignalLinux);

    /// <summary>Ends the process at once, whatever its threads do.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void ExitNow(int code);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int GetFlags(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    [LibraryImport("libc", EntryPoint = "tcgetpgrp")]
    private static partial int GetForegroundGroup(int descriptor);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    private static partial int GetOwnGroup();

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int GetWindowSize(int descriptor, nuint request, ref WindowSize size);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int ProcessControl(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetSignal(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref Polled polled, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, in byte bytes, nint count);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Current;
        public ulong Most;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort WidthInPixels;
        public ushort HeightInPixels;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Polled
    {
        public int Descriptor;
        public short Events;
        public short Found;
    }
}
