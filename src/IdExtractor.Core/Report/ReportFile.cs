using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Report;

/// <summary>
/// The file of <c>--report</c> or <c>--report-html</c>. It is opened when the run begins, so that a
/// bad path fails at once. A regular file appears under its name, whole, when the report is
/// written: readers see the report before or this one. Links are followed. Devices and pipes are
/// written to and never replaced. Disposing it unwritten leaves nothing behind.
/// </summary>
public sealed class ReportFile : IDisposable
{
    private const int Busy = 16;
    private const int NoReader = 6;
    private const int PipeAttempts = 100;
    private static readonly TimeSpan s_pipeDelay = TimeSpan.FromMilliseconds(100);

    private readonly string _path;
    private readonly string? _temporary;
    private FileStream? _stream;
    private bool _isOpen = true;

    private ReportFile(string path, string? temporary, FileStream? stream) => (_path, _temporary, _stream) = (path, temporary, stream);

    /// <summary>Opens it.</summary>
    /// <param name="path">Where the report is to be.</param>
    /// <param name="runId">Keeps runs apart that write to the same path.</param>
    /// <param name="option">The option that names the path, for messages.</param>
    /// <exception cref="ConfigurationException">Nothing can be written there.</exception>
    public static ReportFile Open(string path, string runId, string option = "--report")
    {
        try
        {
            var state = DiskFileSystem.Instance.Stat(Path.GetFullPath(path));
            if (state is { IsFolder: true })
                throw new ConfigurationException(
                    "The report cannot be written, because its path is a folder", ErrorPlace.Of(path), $"give {option} the path of a file");
            if (state is { IsSpecial: true })
            {
                DiskFileSystem.RequireWritable(Path.GetFullPath(path), mustEnter: false);
                return new ReportFile(Path.GetFullPath(path), null, null);
            }

            var full = LocalPlace.Of(path).Path;
            var temporary = Path.Combine(Path.GetDirectoryName(full) ?? "", $".{Path.GetFileName(full)}.{runId}.tmp");
            return OpenBeside(full, temporary, exists: state is not null);
        }
        catch (Exception error) when (IsFileError(error))
        {
            var problem = error is DirectoryNotFoundException
                ? "The report cannot be written, because its folder does not exist"
                : "The report cannot be written";
            throw new ConfigurationException(problem, ErrorPlace.Of(path), $"check {option}", error);
        }
    }

    /// <summary>Writes the report and flushes it to disk.</summary>
    /// <param name="write">Writes the whole report; called again where the file cannot be
    /// replaced.</param>
    /// <exception cref="TransientException">It cannot be written: the disk is full or failing, or
    /// no process reads from the pipe.</exception>
    public void Write(Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        ObjectDisposedException.ThrowIf(!_isOpen, this);
        _isOpen = false;
        try
        {
            if (_temporary is null)
            {
                using var stream = _stream ?? OpenSpecial();
                _stream = null;
                if (stream.CanSeek && DiskFileSystem.Instance.Stat(_path) is { IsSpecial: false })
                    stream.SetLength(0);
                write(stream);
                stream.Flush();
                return;
            }

            write(_stream!);
            _stream!.Flush(flushToDisk: true);
            _stream.Dispose();
            Replace(write);
            _stream = null;
        }
        catch (Exception error) when (IsFileError(error))
        {
            throw new TransientException(
                "The report could not be written", ErrorPlace.Of(_path), LocalErrors.Knows(error) ? LocalErrors.TextOf(error) : null,
                error);
        }
        finally
        {
            Discard();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOpen = false;
        Discard();
    }

    /// <summary>
    /// A temporary file in its folder; or the file itself, where it is writable but its folder is
    /// not.
    /// </summary>
    private static ReportFile OpenBeside(string full, string temporary, bool exists)
    {
        try
        {
            return new ReportFile(full, temporary, new FileStream(temporary, FileMode.CreateNew, FileAccess.Write));
        }
        catch (Exception error) when (exists && IsFileError(error))
        {
            return new ReportFile(full, null, new FileStream(full, FileMode.Open, FileAccess.Write, FileShare.ReadWrite));
        }
    }

    private void Replace(Action<Stream> write)
    {
        try
        {
            DiskFileSystem.Instance.Replace(_temporary!, _path);
        }
        catch (IOException error) when (error.HResult == Busy)
        {
            // A file that is mounted into a container by itself cannot be replaced, only written
            // to.
            using var stream = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            stream.SetLength(0);
            write(stream);
            stream.Flush(flushToDisk: true);
            File.Delete(_temporary!);
        }
    }

    /// <summary>Opens a device, or a pipe as soon as a process reads from it.</summary>
    private FileStream OpenSpecial()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(PosixCalls.OpenForWriting(_path), FileAccess.Write, bufferSize: 0);
            }
            catch (IOException error) when (error.HResult == NoReader && attempt < PipeAttempts)
            {
                Thread.Sleep(s_pipeDelay);
            }
        }
    }

    private void Discard()
    {
        if (_stream is null)
            return;
        try
        {
            _stream.Dispose();
            if (_temporary is not null)
                File.Delete(_temporary);
        }
        catch (Exception error) when (IsFileError(error))
        {
            // What ended the run is reported; a temporary file that stays is not worth another
            // message.
        }

        _stream = null;
    }

    private static bool IsFileError(Exception error) =>
        error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException;
}
