using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace IdExtractor.Core.Storage.Local;

/// <summary>
/// The calls of POSIX that .NET does not offer, or whose failure it hides: its flush ignores errors
/// of fsync, its move copies where rename fails with EXDEV, its lock goes on without one, and its
/// handles ignore what close returns.
/// </summary>
internal static partial class PosixCalls
{
    private const int ReadOnly = 0;
    private const int WriteOnly = 1;
    private const int SetStatusFlags = 4;
    private const int MayWrite = 2;
    private const int MayEnter = 1;
    private const int NotPermitted = 1;
    private const int AccessDenied = 13;
    private const int DontNeed = 4;
    private const string OpenFile = "an open file";
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private const int Unlock = 8;

    private const int Interrupted = 4;
    private const int InvalidArgument = 22;
    private const int TryAgainLinux = 11;
    private const int TryAgainBsd = 35;

    private const int NoEntry = 2;
    private const int CloseOnExec = 0x80000;

    private static int NameTooLong => OperatingSystem.IsLinux() ? 36 : 63;

    private static int NonBlocking => OperatingSystem.IsLinux() ? 0x800 : 0x4;

    /// <summary>
    /// Calls fsync on a folder. File systems without support return EINVAL, which is ignored.
    /// </summary>
    public static void FlushFolder(string path)
    {
        int descriptor;
        while ((descriptor = Open(path, ReadOnly)) < 0)
            ThrowUnlessInterrupted(path);
        using var folder = new SafeFileHandle(descriptor, ownsHandle: true);
        while (FSync(folder) < 0)
        {
            if (Marshal.GetLastPInvokeError() == InvalidArgument)
                return;
            ThrowUnlessInterrupted(path);
        }
    }

    /// <summary>fsync of an open file.</summary>
    public static void Flush(SafeFileHandle file)
    {
        while (FSync(file) < 0)
            ThrowUnlessInterrupted(OpenFile);
    }

    /// <summary>
    /// Asks the system to forget what it holds of a flushed file in memory, so that the next read
    /// comes from the disk. It is advice: the answer does not matter.
    /// </summary>
    public static void ForgetCached(SafeFileHandle file)
    {
        if (OperatingSystem.IsLinux())
            _ = Advise(file, 0, 0, DontNeed);
    }

    /// <summary>
    /// Unlock and close. What a write to a network file system could not do may be reported here
    /// for the first time.
    /// </summary>
    public static void Close(SafeFileHandle file)
    {
        // A child process that is being started has the file open too for a moment, and would keep
        // the lock.
        _ = FLock(file, Unlock);
        var descriptor = file.DangerousGetHandle().ToInt32();
        file.SetHandleAsInvalid();
        file.Dispose();

        // After EINTR, too, the descriptor is closed: another try could close that of another
        // thread.
        if (CloseDescriptor(descriptor) < 0 && Marshal.GetLastPInvokeError() != Interrupted)
            throw Failed(OpenFile);
    }

    /// <summary>
    /// Calls <c>rename</c>, with no fallback. It is not repeated: after a failure the caller has to
    /// find out which file is there.
    /// </summary>
    public static void Rename(string from, string to)
    {
        if (RenameFile(from, to) < 0)
            throw Failed(to);
    }

    /// <summary>
    /// Gives a file a second name; false where the file system or its rights allow no such thing.
    /// </summary>
    public static bool TryLink(string from, string to) => Link(from, to) == 0;

    /// <summary>
    /// Takes the exclusive lock of an open file without waiting; false when another open file has
    /// it.
    /// </summary>
    public static bool TryLock(SafeFileHandle file, string path)
    {
        while (FLock(file, LockExclusive | LockNonBlocking) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error is TryAgainLinux or TryAgainBsd)
                return false;
            ThrowUnlessInterrupted(path);
        }

        return true;
    }

    /// <summary>
    /// realpath: the path without links; null when it does not exist, access is denied, or the
    /// system has no such call.
    /// </summary>
    public static unsafe string? RealPath(string path)
    {
        if (OperatingSystem.IsWindows())
            return null;
        var found = RealPath(path, null);
        try
        {
            return Marshal.PtrToStringUTF8((nint)found);
        }
        finally
        {
            NativeMemory.Free(found);
        }
    }

    /// <summary>
    /// open for reading, on Linux. A pipe is opened without waiting for a writer: the caller
    /// refuses it.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static SafeFileHandle OpenForReading(string path)
    {
        int descriptor;
        while ((descriptor = Open(path, ReadOnly | NonBlocking | CloseOnExec)) < 0)
        {
            if (Marshal.GetLastPInvokeError() == NoEntry)
                throw new FileNotFoundException("There is no such file", path);
            ThrowUnlessInterrupted(path);
        }

        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>
    /// open of a device or a pipe for writing. A pipe that no process reads from fails with ENXIO
    /// instead of waiting; once open, writing to it waits for the reader.
    /// </summary>
    public static SafeFileHandle OpenForWriting(string path)
    {
        int descriptor;
        while ((descriptor = Open(path, WriteOnly | NonBlocking)) < 0)
            ThrowUnlessInterrupted(path);
        if (Control(descriptor, SetStatusFlags, WriteOnly) < 0)
        {
            var failed = Failed(path);
            _ = CloseDescriptor(descriptor);
            throw failed;
        }

        return new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>
    /// access: of a folder for making files in it, or of a file for writing to it.
    /// </summary>
    public static void RequireWritable(string path, bool mustEnter = true)
    {
        if (Access(path, mustEnter ? MayWrite | MayEnter : MayWrite) == 0)
            return;
        throw Failed(path);
    }

    /// <summary>
    /// What to throw for the last call, in System.IO's terms: the error number is the exception's
    /// HResult.
    /// </summary>
    internal static Exception Failed(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        var text = $"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'";
        return error switch
        {
            AccessDenied or NotPermitted => new UnauthorizedAccessException(text),
            _ when error == NameTooLong => new PathTooLongException(text),
            _ => new IOException(text, error),
        };
    }

    private static void ThrowUnlessInterrupted(string path)
    {
        if (Marshal.GetLastPInvokeError() != Interrupted)
            throw Failed(path);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial byte* RealPath(string path, byte* buffer);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "rename", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int RenameFile(string from, string to);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Link(string from, string to);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseDescriptor(int descriptor);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
