namespace IdExtractor.Core.Keys;

/// <summary>
/// Passes keys to a sink on another thread, in batches: reading a key from Table A takes about as
/// long as adding it to a set whose memory is touched for the first time. Some batches are filled
/// while others are passed on.
/// </summary>
/// <typeparam name="TSink">What takes the keys.</typeparam>
/// <param name="sink">Takes the keys in order, from one thread at a time. It may still be under
/// construction.</param>
internal sealed class KeyRelay<TSink>(Task<TSink> sink) : IKeySink, IAsyncDisposable
    where TSink : IKeySink
{
    private const int Batches = 4;

    /// <summary>
    /// After a batch of fewer keys, which ended because lengths vary, the next one holds bytes.
    /// </summary>
    private const int FewKeys = 64;

    private readonly (Batch Keys, Task Handing)[] _batches =
        [.. Enumerable.Range(0, Batches).Select(_ => (new Batch(), Task.CompletedTask))];
    private Task _last = Task.CompletedTask;
    private int _filling;
    private bool _lengthsVary;

    /// <summary>
    /// Adds a key. An exception of the sink is thrown some keys later, or by
    /// <see cref="CompleteAsync"/>.
    /// </summary>
    public void Add(ReadOnlySpan<byte> key)
    {
        if (_batches[_filling].Keys.TryAdd(key, _lengthsVary))
            return;
        Hand();
        if (_batches[_filling].Keys.TryAdd(key, _lengthsVary))
            return;

        // Longer than a batch.
        _last.GetAwaiter().GetResult();
        sink.GetAwaiter().GetResult().Add(key);
    }

    /// <inheritdoc/>
    public void AddDigits(ReadOnlySpan<ulong> words, int length)
    {
        while (true)
        {
            words = words[_batches[_filling].Keys.Add(words, length)..];
            if (words.IsEmpty)
                return;
            Hand();
        }
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
        _lengthsVary = batch.Count < FewKeys;
        var before = _last;
        _last = _batches[_filling].Handing = Task.Run(async () =>
        {
            await before.ConfigureAwait(false);
            batch.HandTo(await sink.ConfigureAwait(false));
        });
        _filling = (_filling + 1) % Batches;
        _batches[_filling].Handing.GetAwaiter().GetResult();
    }

    /// <summary>
    /// Some keys, in their order: as words while they are digits of one length, otherwise as bytes.
    /// </summary>
    private sealed class Batch
    {
        private const int MaxKeys = 1 << 12;
        private const int MaxBytes = 1 << 16;

        /// <summary>The length of a batch that stores bytes.</summary>
        private const int NoLength = 0;

        private readonly ulong[] _words = new ulong[MaxKeys];
        private readonly byte[] _bytes = new byte[MaxBytes];
        private readonly int[] _ends = new int[MaxKeys];
        private int _length;

        public int Count { get; private set; }

        public bool TryAdd(ReadOnlySpan<byte> key, bool asBytes)
        {
            ulong word = 0;
            if (Count == 0)
                _length = !asBytes && PackedDigits.TryPack(key, out word) ? key.Length : NoLength;
            else if (_length != NoLength && (key.Length != _length || !PackedDigits.TryPack(key, out word)))
                return false;
            if (Count == MaxKeys)
                return false;
            if (_length != NoLength)
            {
                _words[Count++] = word;
                return true;
            }

            var start = Count == 0 ? 0 : _ends[Count - 1];
            if (!key.TryCopyTo(_bytes.AsSpan(start)))
                return false;
            _ends[Count++] = start + key.Length;
            return true;
        }

        /// <summary>Adds words of one length, as many as fit, and returns their number.</summary>
        public int Add(ReadOnlySpan<ulong> words, int length)
        {
            if (Count == 0)
                _length = length;
            if (_length != length)
                return 0;
            var count = Math.Min(words.Length, MaxKeys - Count);
            words[..count].CopyTo(_words.AsSpan(Count));
            Count += count;
            return count;
        }

        /// <summary>Passes the keys to a sink and empties the batch.</summary>
        public void HandTo(IKeySink sink)
        {
            var count = Count;
            Count = 0;
            if (_length != NoLength)
            {
                sink.AddDigits(_words.AsSpan(0, count), _length);
                return;
            }

            var start = 0;
            foreach (var end in _ends.AsSpan(0, count))
            {
                sink.Add(_bytes.AsSpan(start..end));
                start = end;
            }
        }
    }
}
