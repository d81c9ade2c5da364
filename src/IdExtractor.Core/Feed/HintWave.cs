using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Feed;

/// <summary>
/// Fetches page indexes and bloom filters from stores with slow requests before the scan asks for
/// them: all at the same time, instead of one after another while a thread waits. Writers put them
/// next to each other, so one request serves many row groups. Thread safe.
/// </summary>
internal sealed class HintWave : IDisposable
{
    /// <summary>Bytes that are fetched ahead; hints beyond them are read when they are
    /// needed.</summary>
    private const long BudgetBytes = 16 << 20;

    /// <summary>Maximum size of one request, in bytes.</summary>
    private const int MaxRequestBytes = 4 << 20;

    /// <summary>Requests at the same time.</summary>
    internal const int Concurrency = 32;

    private readonly Dictionary<PlannedFile, List<Fetch>> _fetches = new(ReferenceEqualityComparer.Instance);
    private readonly CancellationTokenSource _stop;
    private readonly SemaphoreSlim _room = new(Concurrency);

    /// <summary>Starts fetching.</summary>
    /// <param name="hints">Ranges that the scan will probably read, in any order.</param>
    /// <param name="open">Opens a file once for all its readers.</param>
    /// <param name="cancellationToken">Ends all fetches.</param>
    public HintWave(IEnumerable<PlannedRange> hints, Func<PlannedFile, Task<IObjectReader>> open, CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var budget = BudgetBytes;
        foreach (var file in hints.GroupBy(hint => hint.File, ReferenceEqualityComparer.Instance))
        {
            var ranges = Joined(file.OrderBy(hint => hint.Offset)).TakeWhile(range => (budget -= range.Length) >= 0).ToList();
            _fetches.Add((PlannedFile)file.Key!, [.. ranges.Select(range => new Fetch(range, ReadAsync(range, open)))]);
        }
    }

    /// <summary>Copies a range that was fetched ahead.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">First byte.</param>
    /// <param name="destination">Receives the bytes.</param>
    /// <returns>False when it was not; the caller reads it.</returns>
    public async ValueTask<bool> TryReadAsync(PlannedFile file, long offset, Memory<byte> destination)
    {
        var end = offset + destination.Length;
        if (!_fetches.TryGetValue(file, out var fetches)
            || fetches.Find(fetch => fetch.Range.Offset <= offset && end <= fetch.Range.End) is not { } found)
            return false;
        var bytes = await found.Bytes.ConfigureAwait(false);
        bytes.AsMemory((int)(offset - found.Range.Offset), destination.Length).CopyTo(destination);
        return true;
    }

    /// <summary>Cancels the fetches and waits until they have ended.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        Task.WhenAll(_fetches.Values.SelectMany(fetches => fetches).Select(fetch => fetch.Bytes))
            .ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait();
        _room.Dispose();
        _stop.Dispose();
    }

    /// <summary>Ranges of one file as requests: near ones together.</summary>
    private static IEnumerable<PlannedRange> Joined(IEnumerable<PlannedRange> sorted)
    {
        PlannedRange? joined = null;
        foreach (var range in sorted)
        {
            var gap = range.File.Store.ReadCost?.GapBytes ?? 0;
            if (joined is { } last && range.Offset <= last.End + gap
                && Math.Max(last.End, range.End) - last.Offset <= MaxRequestBytes)
            {
                joined = last with { Length = Math.Max(last.End, range.End) - last.Offset };
                continue;
            }

            if (joined is { } done)
                yield return done;
            joined = range;
        }

        if (joined is { } rest)
            yield return rest;
    }

    private async Task<byte[]> ReadAsync(PlannedRange range, Func<PlannedFile, Task<IObjectReader>> open)
    {
        await _room.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            var bytes = new byte[range.Length];
            var reader = await open(range.File).ConfigureAwait(false);
            await reader.ReadAsync(range.Offset, bytes, _stop.Token).ConfigureAwait(false);
            return bytes;
        }
        finally
        {
            _room.Release();
        }
    }

    private sealed record Fetch(PlannedRange Range, Task<byte[]> Bytes);
}
