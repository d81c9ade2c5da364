using IdExtractor.Foundation.Errors;
using Microsoft.Win32.SafeHandles;

namespace IdExtractor.Core.Storage.Local;

/// <summary>
/// A temporary file that has no name left, so that nothing remains of it however the process ends.
/// Its errors are those of the run, which name the folder.
/// </summary>
public sealed class UnnamedFile : IDisposable
{
    private readonly string _folder;
    private readonly SafeFileHandle _file;

    private UnnamedFile(string folder, SafeFileHandle file) => (_folder, _file) = (folder, file);

    /// <summary>Creates it, and its folder where that is missing.</summary>
    /// <param name="folder">Where its bytes are.</param>
    /// <param name="name">What its name begins with, for as long as it has one.</param>
    /// <exception cref="ConfigurationException">Files cannot be created there.</exception>
    /// <exception cref="TransientException">The disk fails or is full.</exception>
    public static UnnamedFile Create(string folder, string name) => Attempt(folder, () =>
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{name}-{Guid.NewGuid():N}");
        var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
        return new UnnamedFile(folder, file);
    });

    /// <summary>Writes all of a buffer.</summary>
    /// <exception cref="ConfigurationException">The system allows no file of that size.</exception>
    /// <exception cref="TransientException">The disk fails or is full.</exception>
    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            DiskFileSystem.WriteAt(_file, bytes, offset);
        }
        catch (Exception error) when (LocalErrors.Knows(error))
        {
            throw ErrorOf(error, _folder);
        }
    }

    /// <summary>Fills a buffer.</summary>
    /// <exception cref="TransientException">The disk fails, or the file has fewer
    /// bytes.</exception>
    public void Read(Span<byte> destination, long offset)
    {
        try
        {
            while (destination.Length > 0)
            {
                var read = DiskFileSystem.ReadAt(_file, destination, offset);
                if (read == 0)
                    throw new IOException("A temporary file is shorter than what was written to it.", LocalErrors.InputOutput);
                destination = destination[read..];
                offset += read;
            }
        }
        catch (Exception error) when (LocalErrors.Knows(error))
        {
            throw ErrorOf(error, _folder);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static T Attempt<T>(string folder, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (LocalErrors.Knows(error))
        {
            throw ErrorOf(error, folder);
        }
    }

    private static IdExtractorException ErrorOf(Exception error, string folder)
    {
        const string Operation = "write a temporary file";
        return TemporaryFolder.FindPermanent(error, folder, Operation, "choose another folder with TMPDIR") is { } permanent
            ? permanent
            : LocalErrors.Translate(error, Operation, folder);
    }
}
