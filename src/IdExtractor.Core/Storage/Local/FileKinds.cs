using System.Runtime.InteropServices;

namespace IdExtractor.Core.Storage.Local;

/// <summary>
/// Tells files from what only has a name in a folder: pipes, sockets, devices. .NET does not tell, and opening a pipe to find out would wait for its other end, or wake it. Asks the system
/// for the mode of a path, whose place in the answer is part of the binary interface of Linux (statx) and of macOS (struct stat).
/// </summary>
internal static partial class FileKinds
{
    private const int AnswerBytes = 512;
    private const int CurrentFolder = -100;
    private const uint TypeOnly = 1;
    private const int ModeOffsetLinux = 28;
    private const int ModeOffsetMac = 4;

    private const int KindMask = 0xF000;
    private const int Folder = 0x4000;
    private const int Regular = 0x8000;

    /// <summary>The path leads to neither a file nor a folder, links followed. False also when the system does not tell.</summary>
    public static bool IsSpecial(string path) => ModeOf(path) is { } mode && (mode & KindMask) is not (Regular or Folder);

    private static unsafe int? ModeOf(string path)
    {
        var answer = stackalloc byte[AnswerBytes];
        try
        {
            if (OperatingSystem.IsLinux())
                return StatX(CurrentFolder, path, 0, TypeOnly, answer) == 0 ? *(ushort*)(answer + ModeOffsetLinux) : null;
            if (!OperatingSystem.IsMacOS())
                return null;
            var failed = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? StatMacX64(path, answer) : StatMac(path, answer);
            return failed == 0 ? *(ushort*)(answer + ModeOffsetMac) : null;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library older than statx.
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatX(int folder, string path, int flags, uint mask, byte* answer);

    [LibraryImport("libc", EntryPoint = "stat", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatMac(string path, byte* answer);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatMacX64(string path, byte* answer);
}
