using IdExtractor.Foundation.Errors;
using Microsoft.Win32.SafeHandles;

namespace IdExtractor.Core.Storage.Local;

/// <summary>
/// The right to replace one object, held by one writer at a time among all threads and processes.
/// The system releases it when the process ends, so a killed writer blocks no other one. The next
/// holder removes the lock file that it leaves.
/// </summary>
internal sealed class TargetLock : IDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ILocalFileSystem _files;
    private readonly string _lockPath;
    private readonly SafeFileHandle _handle;

    private TargetLock(ILocalFileSystem files, string lockPath, SafeFileHandle handle)
    {
        _files = files;
        _lockPath = lockPath;
        _handle = handle;
    }

    /// <summary>
    /// Takes the lock of the object at a path, whose folder exists; null when another writer holds
    /// it.
    /// </summary>
    public static TargetLock? TryAcquire(ILocalFileSystem files, string path)
    {
        var lockPath = LocalNames.Lock(path);
        var handle = files.TryOpenLocked(lockPath, FileMode.OpenOrCreate);
        if (handle is null)
            return null;
        try
        {
            // The last holder may have removed the opened file before we got the lock; the name
            // then refers to another file, or none. We set a random time, which no other writer
            // sets, to check that name and handle are one file. Only a holder removes the name, so
            // the result is valid until Dispose.
            files.SetModified(handle, DateTime.UnixEpoch.AddTicks(Random.Shared.NextInt64(TimeSpan.FromDays(36500).Ticks)));
            if (files.Stat(lockPath) is { } named && named.Stamp == files.Stat(handle).Stamp)
            {
                var acquired = new TargetLock(files, lockPath, handle);
                handle = null;
                return acquired;
            }

            return null;
        }
        finally
        {
            handle?.Dispose();
        }
    }

    /// <summary>Waits for the lock.</summary>
    /// <exception cref="TransientException">Another writer has held it for two minutes.</exception>
    public static async ValueTask<TargetLock> AcquireAsync(
        ILocalFileSystem files, string path, TimeProvider clock, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryAcquire(files, path) is { } acquired)
                return acquired;
            if (clock.GetElapsedTime(started) > Patience)
            {
                throw new TransientException("Another process has been replacing this object for too long", ErrorPlace.Of(path),
                    "end that process, or run again when it has finished");
            }

            await Task.Delay(delay * (0.5 + Random.Shared.NextDouble()), clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Gives the lock up and removes its file.</summary>
    public void Dispose()
    {
        // A second call would remove another writer's file.
        if (_handle.IsClosed)
            return;
        // Where locks are advisory, the name is removed while the lock is held, so that no other
        // writer can have taken it. Windows keeps the file of an open handle, and that of the next
        // holder.
        if (OperatingSystem.IsWindows())
            _handle.Dispose();
        try
        {
            _files.Delete(_lockPath);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The name stays behind, unlocked: the next holder takes it over and removes it.
        }
        finally
        {
            _handle.Dispose();
        }
    }
}
