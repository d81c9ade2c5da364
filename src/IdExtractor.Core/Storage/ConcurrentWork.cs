using System.Diagnostics;

namespace IdExtractor.Core.Storage;

/// <summary>The same work for many items, some of them at once.</summary>
internal static class ConcurrentWork
{
    /// <summary>
    /// How long items that need no waiting are taken one after another. Most tables have few files
    /// and most local stores are quick: handing out the work would take longer than the work.
    /// </summary>
    private static readonly TimeSpan s_alone = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Does the work for 0 up to <paramref name="count"/> - 1, in any order. The first error ends
    /// the others and is raised.
    /// </summary>
    /// <param name="count">Items.</param>
    /// <param name="atOnce">Items at once, 2 or more.</param>
    /// <param name="work">The work for one item.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task ForAsync(
        int count, int atOnce, Func<int, CancellationToken, ValueTask> work, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var started = Stopwatch.GetTimestamp();
        var next = 0;
        while (next < count && Stopwatch.GetElapsedTime(started) < s_alone)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var item = work(next++, stop.Token);
            if (!item.IsCompleted)
            {
                // This one waits, so that others can be begun.
                var rest = RestAsync(next, count, atOnce - 1, work, stop.Token);
                await Task.WhenAll(OrEndAllAsync(item.AsTask(), stop), OrEndAllAsync(rest, stop)).ConfigureAwait(false);
                return;
            }

            await item.ConfigureAwait(false);
        }

        if (next < count)
            await RestAsync(next, count, atOnce, work, cancellationToken).ConfigureAwait(false);
    }

    private static Task RestAsync(
        int next, int count, int atOnce, Func<int, CancellationToken, ValueTask> work, CancellationToken cancellationToken) =>
        Parallel.ForAsync(
            next, count, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken }, work);

    private static async Task OrEndAllAsync(Task part, CancellationTokenSource stop)
    {
        try
        {
            await part.ConfigureAwait(false);
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }
}
