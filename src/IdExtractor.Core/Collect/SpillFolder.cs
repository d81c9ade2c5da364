using IdExtractor.Foundation.Errors;
using Microsoft.Win32.SafeHandles;

namespace IdExtractor.Core.Collect;

/// <summary>
/// A private folder for spill files. While it is in use, its owner holds a lock on the file
/// <c>NAME.lock</c> next to it. The system drops the lock when the owner dies, however it dies, so
/// a folder whose lock can be taken is abandoned and may be removed.
/// </summary>
/// <remarks>Where the system allows it, files lose their names as soon as they are open, so that a
/// killed process leaves no ids on disk.</remarks>
internal sealed class SpillFolder : IDisposable
{
    private const string Prefix = "idextractor-spill-";
    private const string LockSuffix = ".lock";
    private const int Attempts = 8;

    private readonly FileStream _lock;
    private int _files;

    private SpillFolder(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Creates a folder that only this user may enter.</summary>
    /// <remarks>
    /// The lock file is created first and locked afterwards. In between,
    /// <see cref="RemoveAbandoned"/> of another run may mistake it for an abandoned one. In that
    /// case, a folder with another name is created.
    /// </remarks>
    /// <exception cref="ConfigurationException">Files may not be created there.</exception>
    /// <exception cref="TransientException">The disk fails or is full.</exception>
    public static SpillFolder Create(string tempRoot)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.CreateDirectory(tempRoot);
                if (TryCreate(System.IO.Path.Combine(tempRoot, $"{Prefix}{Guid.NewGuid():N}")) is { } folder)
                    return folder;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // .NET reports a lock held by another process and a failing disk with the same
                // exception type, so both are retried.
                if (attempt >= Attempts)
                    throw SpillErrors.Of(e, tempRoot);
            }
        }
    }

    /// <summary>Removes folders left by processes that no longer exist.</summary>
    /// <returns>The number of folders removed.</returns>
    public static int RemoveAbandoned(string tempRoot)
    {
        if (!Directory.Exists(tempRoot))
            return 0;
        var removed = 0;
        try
        {
            foreach (var lockFile in Directory.EnumerateFiles(tempRoot, $"{Prefix}*{LockSuffix}"))
                removed += TryRemove(lockFile) ? 1 : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A temporary folder that cannot be listed is left alone; a spill into it reports its
            // own error.
        }

        return removed;
    }

    /// <summary>Creates a file that is deleted when it is closed.</summary>
    /// <exception cref="TransientException">The disk fails or is full.</exception>
    public SafeFileHandle CreateFile()
    {
        var path = System.IO.Path.Combine(Path, $"{Interlocked.Increment(ref _files)}.ids");
        try
        {
            var options = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None;
            var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, options);
            if (!OperatingSystem.IsWindows())
                File.Delete(path);
            return handle;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SpillErrors.Of(e, Path);
        }
    }

    /// <summary>Removes the folder and its contents.</summary>
    public void Dispose()
    {
        Remove(Path, _lock);
        _lock.Dispose();
    }

    /// <returns>Null when another run removed the lock file before it was locked.</returns>
    private static SpillFolder? TryCreate(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var held = new FileStream(path + LockSuffix, options);
        try
        {
            // From here on no other run removes it: it would have to lock the file first.
            if (File.Exists(held.Name))
            {
                if (OperatingSystem.IsWindows())
                    Directory.CreateDirectory(path);
                else
                    Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                return new SpillFolder(path, held);
            }
        }
        catch
        {
            Remove(path, held);
            held.Dispose();
            throw;
        }

        held.Dispose();
        return null;
    }

    private static bool TryRemove(string lockFile)
    {
        try
        {
            using var handle = new FileStream(lockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            Remove(lockFile[..^LockSuffix.Length], handle);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>
    /// Removes the lock file last, so that the next run finds what a failure leaves behind.
    /// </summary>
    private static void Remove(string path, FileStream held)
    {
        try
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            File.Delete(held.Name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next run tries again.
        }
    }
}
