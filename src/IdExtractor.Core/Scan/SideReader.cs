using IdExtractor.Core.Pipeline;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Scan;

/// <summary>Reads what stands in a file beside the pages: page indexes and bloom filters. Blocks, and counts bytes as reading pages does.</summary>
internal sealed class SideReader(RunProgress progress, CancellationToken cancellationToken)
{
    private IObjectReader? _file;

    /// <summary>Goes to a file, which stays the caller's to dispose.</summary>
    public void Open(IObjectReader file) => _file = file;

    /// <summary>Bytes of the file.</summary>
    public long FileLength => File.Length;

    private IObjectReader File => _file ?? throw new InvalidOperationException("No file is open.");

    /// <summary>Reads some bytes.</summary>
    /// <param name="offset">First byte, from 0.</param>
    /// <param name="count">Bytes; the caller has held them against a bound and against the file's length.</param>
    public byte[] Read(long offset, int count)
    {
        var bytes = new byte[count];
        var read = File.ReadAsync(offset, bytes, cancellationToken);
        if (!read.IsCompletedSuccessfully)
            read.AsTask().GetAwaiter().GetResult();
        progress.AddBytesRead(count);
        return bytes;
    }
}
