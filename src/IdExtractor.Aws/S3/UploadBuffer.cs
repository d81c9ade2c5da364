using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Checksums;
using IdExtractor.Foundation.Errors;

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
    private UnnamedFile? _file;

    /// <summary>Bytes so far.</summary>
    public long Length { get; private set; }

    /// <summary>CRC-32 of them.</summary>
    public uint Crc { get; private set; }

    /// <summary>Adds bytes at the end.</summary>
    /// <exception cref="TransientException">The disk is full.</exception>
    /// <exception cref="ConfigurationException">The folder cannot be written to.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_file is null && Length + bytes.Length <= maxMemory)
        {
            _memory.Write(bytes);
        }
        else
        {
            Write(bytes);
        }

        Length += bytes.Length;
        Crc = Crc32.Append(Crc, bytes);
    }

    /// <summary>All bytes, while they are in memory.</summary>
    public Stream OpenMemory() => new MemoryStream(_memory.GetBuffer(), 0, (int)Length, writable: false);

    /// <summary>Fills a buffer from an offset. All of it has been appended.</summary>
    public void Read(long offset, Span<byte> destination)
    {
        if (_file is null)
            _memory.GetBuffer().AsSpan((int)offset, destination.Length).CopyTo(destination);
        else
            _file.Read(destination, offset);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory.Dispose();
        _file?.Dispose();
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        if (_file is null)
        {
            _file = UnnamedFile.Create(tempRoot, "idextractor-upload");
            _file.Write(_memory.GetBuffer().AsSpan(0, (int)_memory.Length), 0);
            _memory.SetLength(0);
            _memory.Capacity = 0;
        }

        _file.Write(bytes, Length);
    }
}
