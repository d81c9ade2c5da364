namespace IdExtractor.Core.Keys;

/// <summary>
/// Passes keys to a sink on another thread, in batches: reading a key from Table A takes about as
/// long as adding it to a set whose memory is touched for the first time. Some batches are filled
/// while others are passed on.
/// </summary>
/// <typeparam name="TSink">What takes the keys.</typeparam>
/// <param name="sink">Takes the keys in order, from one thread at a time. It may still be under
/// construction.</param>
public sealed class KeyRelay<TSink>(Task<TSink> sink) : IKeySink, IAsyncDisposable
    where TSink : IKeySink
{
    private const int Batches = 4;

    private readonly (Batch Keys, Task Handing)[] _batches = [.. Enumerable.Range(0, Batches).Select(_ => (new Batch(), Task.CompletedTask))];
    private Task _last = Task.CompletedTask;
    private int _filling;

    /// <summary>
    /// Adds a key. An exception of the sink is thrown some keys later, or by
    /// <see cref="CompleteAsync"/>.
    /// </summary>
    public void Add(ReadOnlySpan<byte> key)
    {
        if (_batches[_filling].Keys.TryAdd(key))
            return;
        Hand();
        if (_batches[_filling].Keys.TryAdd(key))
            return;

        // Longer than a batch.
        _last.GetAwaiter().GetResult();
        sink.GetAwaiter().GetResult().Add(key);
    }

    /// <summary>Waits until the sink has all keys. No key may be added afterwards.</summary>
    public async Task CompleteAsync()
    {
        await _last.ConfigureAwait(false);
        _batches[_filling].Keys.HandTo(await sink.ConfigureAwait(false));
    }

    /// <summary>Waits until no thread uses the sink any more; ignores its exceptions.</summary>
    public async ValueTask DisposeAsync() => await _last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void Hand()
    {
        var batch = _batches[_filling].Keys;
        var before = _last;
        _last = _batches[_filling].Handing = Task.Run(async () =>
        {
            await before.ConfigureAwait(false);
            batch.HandTo(await sink.ConfigureAwait(false));
        });
        _filling = (_filling + 1) % Batches;
        _batches[_filling].Handing.GetAwaiter().GetResult();
    }

    /// <summary>Some keys, stored one after another.</summary>
    private sealed class Batch
    {
        private const int MaxKeys = 1 << 12;
        private const int MaxBytes = 1 << 16;

        private readonly byte[] _bytes = new byte[MaxBytes];
        private readonly int[] _ends = new int[MaxKeys];
        private int _count;

        public bool TryAdd(ReadOnlySpan<byte> key)
        {
            var start = _count == 0 ? 0 : _ends[_count - 1];
            if (_count == MaxKeys || !key.TryCopyTo(_bytes.AsSpan(start)))
                return false;
            _ends[_count++] = start + key.Length;
            return true;
        }

        /// <summary>Passes the keys to a sink and empties the batch.</summary>
        public void HandTo(IKeySink sink)
        {
            var start = 0;
            foreach (var end in _ends.AsSpan(0, _count))
            {
                sink.Add(_bytes.AsSpan(start..end));
                start = end;
            }

            _count = 0;
        }
    }
}
