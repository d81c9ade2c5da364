using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace IdExtractor.Core.Storage.Local;

/// <summary>
/// statx, the system call that reads the attributes of every file on Linux. .NET's own classes make
/// several calls per file and mistake some failures for "there is no such file", which would let an
/// older run replace a file that could not be read. They also refuse modification times beyond the
/// year 9999, which some file systems store.
/// </summary>
internal static partial class LinuxStat
{
    private const int CurrentFolder = -100;
    private const int EmptyPath = 0x1000;
    private const int NoFollow = 0x100;
    private const uint BasicFields = 0x7FF;

    private const int NoEntry = 2;
    private const int NotAFolder = 20;

    private const int KindMask = 0xF000;
    private const int Folder = 0x4000;
    private const int Regular = 0x8000;
    private const int Link = 0xA000;

    /// <summary>What a path leads to, links followed; null when there is nothing.</summary>
    /// <exception cref="IOException">The system does not say, as after an input/output
    /// error.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied.</exception>
    public static FileState? Of(string path)
    {
        if (StatX(CurrentFolder, path, 0, BasicFields, out var answer) == 0)
            return answer.ToState();
        return Marshal.GetLastPInvokeError() is NoEntry or NotAFolder ? null : throw PosixCalls.Failed(path);
    }

    /// <summary>What a path is when it is no link; null when there is nothing.</summary>
    /// <param name="path">The path; a link at its end is not followed.</param>
    /// <param name="isLink">True for a link, whose own state is not returned.</param>
    /// <exception cref="IOException">The system does not say, as after an input/output
    /// error.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied.</exception>
    public static FileState? OfEntry(string path, out bool isLink)
    {
        isLink = false;
        if (StatX(CurrentFolder, path, NoFollow, BasicFields, out var answer) != 0)
            return Marshal.GetLastPInvokeError() is NoEntry or NotAFolder ? null : throw PosixCalls.Failed(path);
        isLink = (answer.Mode & KindMask) == Link;
        return isLink ? null : answer.ToState();
    }

    /// <summary>What an open file is.</summary>
    /// <exception cref="IOException">The system does not say.</exception>
    public static FileState Of(SafeFileHandle file) =>
        StatX(file, "", EmptyPath, BasicFields, out var answer) == 0 ? answer.ToState() : throw PosixCalls.Failed("an open file");

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int StatX(int folder, string path, int flags, uint mask, out Answer answer);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int StatX(SafeFileHandle folder, string path, int flags, uint mask, out Answer answer);

    /// <summary>
    /// struct statx, which is part of the binary interface of Linux and the same on all processors.
    /// </summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Answer
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public ulong Size;

        [FieldOffset(112)]
        public long ModifiedSeconds;

        [FieldOffset(120)]
        public uint ModifiedNanoseconds;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;

        public readonly FileState ToState()
        {
            var isFolder = (Mode & KindMask) == Folder;
            var isRegular = (Mode & KindMask) == Regular;
            return new FileState(isRegular ? (long)Size : 0, FileTime.Utc(ModifiedSeconds, ModifiedNanoseconds), isFolder)
            {
                IsSpecial = !isFolder && !isRegular,
                UnusualTime = FileTime.IsUsual(ModifiedSeconds) ? null : $"{ModifiedSeconds:x}.{ModifiedNanoseconds:x}",
                Numbers = (DeviceMajor, DeviceMinor, Inode),
            };
        }
    }
}

/// <summary>Times of files as .NET's times, which end with the year 9999.</summary>
internal static class FileTime
{
    /// <summary>
    /// Seconds since 1970 as a time; those outside the years 1 to 9999 become the nearest there is.
    /// </summary>
    public static DateTime Utc(long seconds, uint nanoseconds)
    {
        if (!IsUsual(seconds))
            return seconds < 0 ? DateTime.MinValue : DateTime.MaxValue;
        return DateTime.UnixEpoch.AddTicks((seconds * TimeSpan.TicksPerSecond) + (nanoseconds / TimeSpan.NanosecondsPerTick));
    }

    /// <summary>.NET's times can express it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsUsual(long seconds) =>
        seconds >= (DateTime.MinValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond
        && seconds < (DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;
}
