using IdExtractor.Foundation.Checksums;
using IdExtractor.Foundation.Errors;
using Microsoft.Win32.SafeHandles;

namespace IdExtractor.Aws.S3;

/// <summary>
/// The bytes of an object until it is complete: S3 wants the metadata before the first byte, and
/// ours (line count, checksums) are known after the last. Small objects stay in memory, larger ones
/// go to a file that has no name left, so that nothing remains of it however the process ends.
/// </summary>
/// <param name="maxMemory">Bytes that stay in memory.</param>
/// <param name="tempRoot">Folder of the file.</param>
internal sealed class UploadBuffer(long maxMemory, string tempRoot) : IDisposable
{
    private readonly MemoryStream _memory = new();
    private SafeFileHandle? _file;

    /// <summary>Bytes so far.</summary>
    public long Length { get; private set; }

    /// <summary>CRC-32 of them.</summary>
    public uint Crc { get; private set; }

    /// <summary>Adds bytes at the end.</summary>
    /// <exception cref="TransientException">The disk is full.</exception>
    /// <exception cref="ConfigurationException">The folder cannot be written to.</exception>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_file is null && Length + bytes.Length <= maxMemory)
        {
            _memory.Write(bytes.Span);
        }
        else
        {
            await WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }

        Length += bytes.Length;
        Crc = Crc32.Append(Crc, bytes.Span);
    }

    /// <summary>All bytes, while they are in memory.</summary>
    public Stream OpenMemory() => new MemoryStream(_memory.GetBuffer(), 0, (int)Length, writable: false);

    /// <summary>Fills a buffer from an offset. All of it has been appended.</summary>
    public async ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (_file is null)
        {
            _memory.GetBuffer().AsMemory((int)offset, destination.Length).CopyTo(destination);
            return;
        }

        while (destination.Length > 0)
        {
            var read = await RandomAccess.ReadAsync(_file, destination, offset, cancellationToken).ConfigureAwait(false);
            if (read == 0)
                throw new EndOfStreamException("The file of an upload is shorter than what was written to it.");
            destination = destination[read..];
            offset += read;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory.Dispose();
        _file?.Dispose();
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            if (_file is null)
            {
                _file = OpenUnnamed();
                await RandomAccess.WriteAsync(
                    _file, _memory.GetBuffer().AsMemory(0, (int)_memory.Length), 0, cancellationToken).ConfigureAwait(false);
                _memory.SetLength(0);
                _memory.Capacity = 0;
            }

            await RandomAccess.WriteAsync(_file, bytes, Length, cancellationToken).ConfigureAwait(false);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new ConfigurationException(
                "The temporary folder cannot be written to", ErrorPlace.Of(tempRoot), "set TMPDIR to one that can", error);
        }
        catch (IOException error)
        {
            throw new TransientException(
                "Cannot keep the bytes of an upload", ErrorPlace.Of(tempRoot), "make room there, or set TMPDIR", error);
        }
    }

    private SafeFileHandle OpenUnnamed()
    {
        var path = Path.Combine(tempRoot, $"idextractor-upload-{Guid.NewGuid():N}");
        var file = File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
        return file;
    }
}
