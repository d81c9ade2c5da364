using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace IdExtractor.Core.Storage.Local;

/// <summary>The calls of POSIX that .NET does not offer: flushing a folder, a file lock whose failure is told, and whether a folder may be written to.</summary>
internal static partial class PosixCalls
{
    private const int ReadOnly = 0;
    private const int MayWrite = 2;
    private const int MayEnter = 1;
    private const int AccessDenied = 13;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;

    private const int Interrupted = 4;
    private const int InvalidArgument = 22;
    private const int TryAgainLinux = 11;
    private const int TryAgainBsd = 35;

    /// <summary>fsync of a folder. File systems that know no such thing answer EINVAL, which is no error.</summary>
    public static void FlushFolder(string path)
    {
        var descriptor = Open(path, ReadOnly);
        if (descriptor < 0)
            throw Failed(path);
        using var folder = new SafeFileHandle(descriptor, ownsHandle: true);
        while (FSync(folder) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == InvalidArgument)
                return;
            if (error != Interrupted)
                throw Failed(path);
        }
    }

    /// <summary>Takes the exclusive lock of an open file without waiting; false when another open file has it.</summary>
    public static bool TryLock(SafeFileHandle file, string path)
    {
        while (FLock(file, LockExclusive | LockNonBlocking) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error is TryAgainLinux or TryAgainBsd)
                return false;
            if (error != Interrupted)
                throw Failed(path);
        }

        return true;
    }

    /// <summary>access of a folder, for making files in it.</summary>
    public static void RequireWritable(string path)
    {
        if (Access(path, MayWrite | MayEnter) == 0)
            return;
        if (Marshal.GetLastPInvokeError() == AccessDenied)
            throw new UnauthorizedAccessException($"Access to the folder is denied : '{path}'");
        throw Failed(path);
    }

    private static IOException Failed(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'", error);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(SafeFileHandle file, int operation);
}
