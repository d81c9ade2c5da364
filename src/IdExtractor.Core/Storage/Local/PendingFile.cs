using System.Security.Cryptography;
using IdExtractor.Foundation.Errors;
using Microsoft.Win32.SafeHandles;

namespace IdExtractor.Core.Storage.Local;

/// <summary>
/// A temporary file in its target's folder, hashed as it is written. It is locked while it is open,
/// so that a cleaner can distinguish it from the leftovers of a dead process. Disposing it before
/// it has been moved removes it.
/// </summary>
internal sealed class PendingFile : IDisposable
{
    private const int Attempts = 8;

    // Some file systems keep whole seconds, or even pairs of them.
    private static readonly TimeSpan[] Bumps = [TimeSpan.FromTicks(1), TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(2)];

    private readonly ILocalFileSystem _files;
    private readonly string _path;
    private readonly string _target;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private SafeFileHandle? _handle;
    private string? _sha256;
    private bool _moved;

    private PendingFile(ILocalFileSystem files, string path, string target, SafeFileHandle handle)
    {
        _files = files;
        _path = path;
        _target = target;
        _handle = handle;
    }

    /// <summary>Bytes so far.</summary>
    public long Length { get; private set; }

    /// <summary>SHA-256 of all bytes, lower-case hex; set by <see cref="Seal"/>.</summary>
    public string Sha256 => _sha256 ?? throw new InvalidOperationException("The file is not sealed");

    private SafeFileHandle Handle => _handle ?? throw new InvalidOperationException("The file is closed");

    /// <summary>Creates an empty one for a target whose folder exists.</summary>
    public static PendingFile Create(ILocalFileSystem files, string target)
    {
        for (var attempt = 1; ; attempt++)
        {
            var path = LocalNames.Temporary(target);
            var handle = files.TryOpenLocked(path, FileMode.CreateNew);
            if (handle is not null)
            {
                var pending = new PendingFile(files, path, target, handle);
                try
                {
                    // Between its creation and its lock a cleaner may have taken it for remains.
                    if (files.Stat(path) is not null)
                    {
                        var created = pending;
                        pending = null;
                        return created;
                    }
                }
                finally
                {
                    pending?.Dispose();
                }
            }

            if (attempt == Attempts)
                throw new IOException($"A temporary file could not be made : '{path}'");
        }
    }

    /// <summary>Adds bytes at the end.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        _files.Write(Handle, bytes, Length);
        Length += bytes.Length;
    }

    /// <summary>Ends the writing and brings the bytes to the disk.</summary>
    public void Seal()
    {
        _files.Flush(Handle);
        _sha256 = Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    /// <summary>
    /// Reads a sealed file back from the disk and compares it with what it should hold: a disk, or
    /// the way to it, may have changed a byte.
    /// </summary>
    /// <param name="expectedSha256">SHA-256 of what it should hold, lower-case hex; null for that
    /// of what was appended.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="VerificationException">It holds something else. Its target is
    /// untouched.</exception>
    public void Verify(string? expectedSha256, CancellationToken cancellationToken)
    {
        _files.ForgetCached(Handle);
        var expected = expectedSha256 ?? Sha256;
        var found = LocalSnapshot.Hash(_files, Handle, cancellationToken);
        if (found != expected || _files.Stat(Handle).Size != Length)
        {
            throw new VerificationException("A file read back before it was renamed is not what was to be written",
                new ErrorPlace { Object = _target, Expected = $"SHA-256 {expected}", Actual = $"SHA-256 {found}" },
                "look at the disk, then run again; the file that was there before is untouched");
        }
    }

    /// <summary>
    /// Renames it over its target, whose lock the caller holds. Its modification time is made later
    /// than <paramref name="current"/>, the target's, so that no version of one object ever has the
    /// stamp of an earlier one. A target from beyond the calendar
    /// (<see cref="FileState.UnusualTime"/>) has a stamp of another form anyway.
    /// </summary>
    /// <returns>The state of the new target.</returns>
    public FileState Move(DateTime? current)
    {
        var state = MakeLaterThan(current);

        // A file open for writing can neither be renamed on Windows nor, while it is locked, be
        // opened by readers that take shared locks.
        var handle = Handle;
        _handle = null;
        _files.Close(handle);
        _files.Replace(_path, _target);
        _moved = true;
        return state;
    }

    /// <summary>Closes it, and removes it when it has not been moved.</summary>
    public void Dispose()
    {
        _hash.Dispose();
        try
        {
            if (_moved)
                return;
            if (OperatingSystem.IsWindows())
                _handle?.Dispose();
            _files.Delete(_path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next run removes it; the error that led here matters more.
        }
        finally
        {
            _handle?.Dispose();
        }
    }

    private FileState MakeLaterThan(DateTime? current)
    {
        var state = _files.Stat(Handle);
        if (current is not { } floor || state.ModifiedUtc > floor || floor == DateTime.MaxValue)
            return state;
        var own = state.ModifiedUtc;
        foreach (var bump in Bumps.Where(bump => floor <= DateTime.MaxValue - bump))
        {
            state = SetModified(floor + bump);
            if (state.ModifiedUtc > floor)
                break;
        }

        // The last time that the file system can store was set by hand or by a broken clock. Any
        // other time differs from it.
        if (state.ModifiedUtc <= floor)
            state = SetModified(own);
        _files.Flush(Handle);
        return state;
    }

    private FileState SetModified(DateTime time)
    {
        _files.SetModified(Handle, time);
        return _files.Stat(Handle);
    }
}
