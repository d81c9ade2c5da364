using IdExtractor.Core.Errors;

namespace IdExtractor.Core.Report;

/// <summary>
/// The file of <c>--report</c>. It is opened when the run begins, so that a bad path fails at once, and appears under its name, whole, when the report is written: readers
/// see the report before or this one. Disposing it unwritten leaves nothing behind.
/// </summary>
public sealed class ReportFile : IDisposable
{
    private readonly string _path;
    private readonly string _temporary;
    private FileStream? _stream;

    private ReportFile(string path, string temporary, FileStream stream) => (_path, _temporary, _stream) = (path, temporary, stream);

    /// <summary>Opens it.</summary>
    /// <param name="path">Where the report is to be.</param>
    /// <param name="runId">Keeps runs apart that write to the same path.</param>
    /// <exception cref="ConfigurationException">Nothing can be written there.</exception>
    public static ReportFile Open(string path, string runId)
    {
        try
        {
            var full = Path.GetFullPath(path);
            if (Directory.Exists(full))
                throw new ConfigurationException("The report cannot be written, for its path is a folder", ErrorPlace.Of(path), "give --report the path of a file");
            var temporary = Path.Combine(Path.GetDirectoryName(full) ?? "", $".{Path.GetFileName(full)}.{runId}.tmp");
            return new ReportFile(full, temporary, new FileStream(temporary, FileMode.CreateNew, FileAccess.Write));
        }
        catch (Exception error) when (IsFileError(error))
        {
            var problem = error is DirectoryNotFoundException ? "The report cannot be written, for its folder does not exist" : "The report cannot be written";
            throw new ConfigurationException(problem, ErrorPlace.Of(path), "check --report", error);
        }
    }

    /// <summary>Writes the report, flushes it to disk and puts it under its name.</summary>
    /// <exception cref="TransientException">The disk is full or failing.</exception>
    public void Write(RunReport report)
    {
        ObjectDisposedException.ThrowIf(_stream is null, this);
        try
        {
            RunReportWriter.Write(report, _stream);
            _stream.Flush(flushToDisk: true);
            _stream.Dispose();
            File.Move(_temporary, _path, overwrite: true);
            _stream = null;
        }
        catch (Exception error) when (IsFileError(error))
        {
            throw new TransientException("The report could not be written", ErrorPlace.Of(_path), inner: error);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_stream is null)
            return;
        try
        {
            _stream.Dispose();
            File.Delete(_temporary);
        }
        catch (Exception error) when (IsFileError(error))
        {
            // What ended the run is told; a temporary file that stays is not worth another message.
        }

        _stream = null;
    }

    private static bool IsFileError(Exception error) => error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException;
}
