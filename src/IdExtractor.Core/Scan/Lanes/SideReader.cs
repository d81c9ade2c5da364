using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Scan.Lanes;

/// <summary>
/// Reads page indexes, bloom filters and headers of skipped pages. Blocks, and counts bytes as
/// reading pages does.
/// </summary>
internal sealed class SideReader(RunProgress progress, CancellationToken cancellationToken)
{
    private IObjectReader? _file;

    /// <summary>Goes to a file, which stays the caller's to dispose.</summary>
    public void Open(IObjectReader file) => _file = file;

    /// <summary>A read costs little more than the copy of its bytes.</summary>
    public bool IsNear => File.IsNear;

    /// <summary>Bytes of the file.</summary>
    public long FileLength => File.Length;

    private IObjectReader File => _file ?? throw new InvalidOperationException("No file is open.");

    /// <summary>Reads some bytes.</summary>
    /// <param name="offset">First byte, from 0.</param>
    /// <param name="count">Bytes; the caller has checked them against a bound and against the
    /// file's length.</param>
    public byte[] Read(long offset, int count)
    {
        var bytes = new byte[count];
        var read = File.ReadAsync(offset, bytes, cancellationToken);
        if (!read.IsCompletedSuccessfully)
            read.AsTask().GetAwaiter().GetResult();
        progress.AddBytesRead(count);
        return bytes;
    }

    /// <summary>Reads several places at once.</summary>
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
