using IdExtractor.Foundation.Errors;
using Microsoft.Win32.SafeHandles;

namespace IdExtractor.Core.Storage.Local;

/// <summary>
/// One opened version. The handle stays with its bytes when another version takes the name.
/// </summary>
internal sealed class LocalObjectReader : IObjectReader
{
    private readonly ILocalFileSystem _files;
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly ObjectStamp _stamp;

    private LocalObjectReader(ILocalFileSystem files, SafeFileHandle file, string path, FileState state)
    {
        _files = files;
        _file = file;
        _path = path;
        _stamp = state.Stamp;
        Length = state.Size;
    }

    public long Length { get; }

    public bool IsNear => true;

    /// <summary>Opens the version with a stamp.</summary>
    /// <exception cref="ObjectChangedException">Another version is there, or none.</exception>
    public static LocalObjectReader Open(ILocalFileSystem files, string path, ObjectStamp stamp)
    {
        SafeFileHandle? file = null;
        try
        {
            file = files.OpenRead(path, out var state);
            if (state.Stamp != stamp)
                throw Changed(path, stamp, $"version {state.Stamp}");
            var reader = new LocalObjectReader(files, file, path, state);
            file = null;
            return reader;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Changed(path, stamp, "no object");
        }
        finally
        {
            file?.Dispose();
        }
    }

    public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, Length - offset, nameof(destination));
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            Fill(offset, destination.Span);
            return ValueTask.CompletedTask;
        }
        catch (Exception error) when (LocalErrors.Knows(error))
        {
            throw LocalErrors.Translate(error, "read the file", _path);
        }
    }

    /// <summary>Fails when the opened file was changed in place since it was opened.</summary>
    /// <exception cref="ObjectChangedException">Its time or size is another.</exception>
    public void EnsureUnchanged()
    {
        var now = _files.Stat(_file).Stamp;
        if (now != _stamp)
            throw Changed(_path, _stamp, $"version {now}");
    }

    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        return ValueTask.CompletedTask;
    }

    private static ObjectChangedException Changed(string path, ObjectStamp stamp, string actual) =>
        new(
            "An object is no longer the one that was chosen",
            new ErrorPlace { Object = path, Expected = $"version {stamp}", Actual = actual });

    private void Fill(long offset, Span<byte> rest)
    {
        while (rest.Length > 0)
        {
            var read = _files.Read(_file, rest, offset);
            if (read == 0)
                throw Changed(_path, _stamp, $"an end after {offset} bytes");
            rest = rest[read..];
            offset += read;
        }
    }
}
