using System.Security.Cryptography;
using IdExtractor.Core.Stage.Deflate;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Checksums;
using IdExtractor.Foundation.Gzip;

namespace IdExtractor.Core.Stage;

/// <summary>The compressed bytes that went into a store.</summary>
/// <param name="Bytes">How many.</param>
/// <param name="Sha256">SHA-256 of them, lower-case hex.</param>
/// <param name="TextMd5">MD5 of the text, lower-case hex.</param>
internal readonly record struct GzipResult(long Bytes, string Sha256, string TextMd5);

/// <summary>
/// Text to gzip to store, in one pipeline. Blocks of fixed length are hashed and compressed in
/// parallel and stored in order, as one gzip member whose bytes do not depend on the number of
/// threads. A slow store slows the compressors down. Memory is bounded by twice
/// <see cref="PauseBytes"/>.
/// </summary>
internal sealed class GzipPipe(IdText text, IObjectWriter writer, int level, int threads)
{
    /// <summary>Most bytes of text that are ahead of the store.</summary>
    public const int PauseBytes = 1 << 20;

    private const int MaxBlocks = (PauseBytes / GzipBlock.TextBytes) - 1;

    private readonly Queue<(GzipBlock Block, Task Compressing, Task Digesting)> _underWay = new();
    private readonly Stack<GzipBlock> _free = new();
    private readonly List<GzipBlock> _blocks = [];
    private readonly (LineDeflate Lines, Task Last)[] _lanes =
        [.. Enumerable.Range(0, Math.Clamp(threads, 1, MaxBlocks)).Select(_ => (new LineDeflate(GzipBlock.TextBytes), Task.CompletedTask))];
    private Task _lastDigest = Task.CompletedTask;
    private int _lane;
    private uint _crc;
    private long _stored;

    /// <summary>Sends a whole text. The writer is neither completed nor disposed.</summary>
    /// <param name="cancellationToken">Ends it between blocks.</param>
    public async Task<GzipResult> RunAsync(CancellationToken cancellationToken)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        try
        {
            var isFirst = true;
            var block = TakeFilled(out var isLast);
            while (true)
            {
                var next = isLast ? null : TakeFilled(out isLast);
                Begin(block, md5, isFirst, isEnd: next is null || next.Text.IsEmpty);
                if (next is null || next.Text.IsEmpty)
                    break;
                (block, isFirst) = (next, false);
                while (_underWay.Count >= MaxBlocks)
                    await StoreOldestAsync(sha256, cancellationToken).ConfigureAwait(false);
            }

            while (_underWay.Count > 0)
                await StoreOldestAsync(sha256, cancellationToken).ConfigureAwait(false);
            return new GzipResult(
                _stored, Convert.ToHexStringLower(sha256.GetHashAndReset()), Convert.ToHexStringLower(md5.GetHashAndReset()));
        }
        finally
        {
            // After an error, no work of this run may continue in the background.
            foreach (var (_, compressing, digesting) in _underWay)
            {
                await compressing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await digesting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            _blocks.ForEach(block => block.Dispose());
        }
    }

    private GzipBlock TakeFilled(out bool isLast)
    {
        if (!_free.TryPop(out var block))
            _blocks.Add(block = new GzipBlock());
        isLast = !block.Fill(text) || block.Text.Length < GzipBlock.TextBytes;
        _crc = Crc32.Append(_crc, block.Text);
        return block;
    }

    private void Begin(GzipBlock block, IncrementalHash md5, bool isFirst, bool isEnd)
    {
        GzipTrailer? trailer = isEnd ? new GzipTrailer(_crc, (uint)text.Bytes) : null;

        // As many lanes as threads, and in each one block after the other.
        ref var lane = ref _lanes[_lane++ % _lanes.Length];
        var lines = lane.Lines;
        lane.Last = Run(() => block.Compress(lines, level, isFirst, trailer), lane.Last);
        _lastDigest = Run(() => md5.AppendData(block.Text), _lastDigest);
        _underWay.Enqueue((block, lane.Last, _lastDigest));
    }

    /// <summary>
    /// Does some work on another thread after what was begun there before; at once where there is
    /// one thread.
    /// </summary>
    private Task Run(Action work, Task before)
    {
        if (threads > 1)
            return before.ContinueWith(_ => work(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        work();
        return Task.CompletedTask;
    }

    private async Task StoreOldestAsync(IncrementalHash sha256, CancellationToken cancellationToken)
    {
        var (block, compressing, digesting) = _underWay.Peek();
        await compressing.ConfigureAwait(false);
        await digesting.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        sha256.AppendData(block.Compressed.Span);
        await writer.AppendAsync(block.Compressed, cancellationToken).ConfigureAwait(false);
        _stored += block.Compressed.Length;
        _underWay.Dequeue();
        _free.Push(block);
    }
}
