using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Scan.Lanes;

/// <summary>
/// Reads page indexes, bloom filters and headers of skipped pages. Blocks, and counts bytes like
/// page reads.
/// </summary>
internal sealed class SideReader(RunProgress progress, CancellationToken cancellationToken)
{
    private IObjectReader? _file;

    /// <summary>Opens a file, which the caller still has to dispose of.</summary>
    public void Open(IObjectReader file) => _file = file;

    /// <summary>True when a read costs little more than copying its bytes.</summary>
    public bool IsNear => File.IsNear;

    /// <summary>Size of the file in bytes.</summary>
    public long FileLength => File.Length;

    private IObjectReader File => _file ?? throw new InvalidOperationException("No file is open.");

    /// <summary>Reads some bytes.</summary>
    /// <param name="offset">First byte, from 0.</param>
    /// <param name="count">Number of bytes; the caller has checked it against a bound and against
    /// the file's length.</param>
    public byte[] Read(long offset, int count)
    {
        var bytes = new byte[count];
        var read = File.ReadAsync(offset, bytes, cancellationToken);
        if (!read.IsCompletedSuccessfully)
            read.AsTask().GetAwaiter().GetResult();
        progress.AddBytesRead(count);
        return bytes;
    }

    /// <summary>Reads several places concurrently.</summary>
    /// <param name="places">First byte and number of bytes of each, checked as for <see
    /// cref="Read"/>.</param>
    public byte[][] ReadAll(IReadOnlyList<(long Offset, int Count)> places)
    {
        if (places is [var only])
            return [Read(only.Offset, only.Count)];
        var results = places.Select(place => new byte[place.Count]).ToArray();
        var reads = results.Select((bytes, i) => File.ReadAsync(places[i].Offset, bytes, cancellationToken).AsTask());
        Task.WhenAll(reads).GetAwaiter().GetResult();
        progress.AddBytesRead(results.Sum(bytes => bytes.Length));
        return results;
    }
}
