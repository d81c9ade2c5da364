using System.Collections.Concurrent;
using IdExtractor.Core.Storage;
using IdExtractor.Testing.Stores;

namespace IdExtractor.Core.Tests.Feed;

/// <summary>
/// A store in the network whose replies fill buffers one after another, by one request. Tests hold
/// a reply back or end it.
/// </summary>
/// <param name="inner">Has the objects.</param>
/// <param name="cost">What a read costs; null for a gap of no byte.</param>
internal sealed class StreamingStore(IObjectStore inner, ReadCost? cost = null) : ObjectStoreDecorator(inner)
{
    private readonly ConcurrentQueue<(long Offset, long Length)> _requests = new();
    private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override ReadCost? ReadCost => cost ?? new ReadCost(TimeSpan.FromMilliseconds(1), 1);

    /// <summary>Buffers that are filled before a reply waits for <see cref="LetGo"/>.</summary>
    public int HoldsBackAfter { get; init; } = int.MaxValue;

    /// <summary>Buffers that are filled before a reply ends as if all were.</summary>
    public int EndsAfter { get; init; } = int.MaxValue;

    /// <summary>The ranges that one request each read, by place.</summary>
    public IEnumerable<(long Offset, long Length)> Requests() => _requests.Order();

    /// <summary>Releases replies that were held back.</summary>
    public void LetGo() => _letGo.SetResult();

    protected override async ValueTask<T> InvokeAsync<T>(
        StoreCall request, Func<CancellationToken, ValueTask<T>> send, CancellationToken cancellationToken)
    {
        var result = await send(cancellationToken);
        return result is IObjectReader reader ? (T)(object)new Reader(this, reader) : result;
    }

    private sealed class Reader(StreamingStore store, IObjectReader reader) : IObjectReader
    {
        public long Length => reader.Length;

        public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
            reader.ReadAsync(offset, destination, cancellationToken);

        public async ValueTask ReadAsync(
            long offset, IReadOnlyList<Memory<byte>> buffers, Action<int> filled, CancellationToken cancellationToken)
        {
            store._requests.Enqueue((offset, buffers.Sum(buffer => (long)buffer.Length)));
            for (var i = 0; i < Math.Min(buffers.Count, store.EndsAfter); i++)
            {
                if (i == store.HoldsBackAfter)
                    await store._letGo.Task.WaitAsync(cancellationToken);
                await reader.ReadAsync(offset, buffers[i], cancellationToken);
                offset += buffers[i].Length;
                filled(i + 1);
            }
        }

        public ValueTask DisposeAsync() => reader.DisposeAsync();
    }
}
