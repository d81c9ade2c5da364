using System.Security.Cryptography;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Verify;

/// <summary>
/// The bytes of one pinned object from first to last, by ranged reads of one block each. The next
/// block is read while the current one is used. All bytes are hashed.
/// </summary>
internal sealed class ObjectBytes(IObjectReader reader, int blockBytes, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[][] _buffers = [new byte[blockBytes], new byte[blockBytes]];
    private ReadOnlyMemory<byte> _block;
    private Task<ReadOnlyMemory<byte>>? _next;
    private long _asked;
    private int _turn;

    /// <summary>Bytes of the object.</summary>
    public long Length => reader.Length;

    /// <summary>Bytes handed out.</summary>
    public long Position { get; private set; }

    /// <summary>Hands out some of the next bytes.</summary>
    /// <param name="destination">Its length is the most that is wanted, 1 or more.</param>
    /// <returns>At least 1, or 0 at the end.</returns>
    public async ValueTask<int> ReadAsync(Memory<byte> destination)
    {
        if (_block.IsEmpty)
        {
            _block = await (_next ?? FetchAsync()).ConfigureAwait(false);
            _sha256.AppendData(_block.Span);
            _next = FetchAsync();
        }

        var taken = Math.Min(destination.Length, _block.Length);
        _block[..taken].CopyTo(destination);
        _block = _block[taken..];
        Position += taken;
        return taken;
    }

    /// <summary>The next byte; -1 at the end.</summary>
    public async ValueTask<int> ReadByteAsync()
    {
        var one = new byte[1];
        return await ReadAsync(one).ConfigureAwait(false) == 0 ? -1 : one[0];
    }

    /// <summary>Takes what is left of the object into the hash.</summary>
    public async Task SkipAsync()
    {
        var scrap = new byte[1 << 16];
        while (await ReadAsync(scrap).ConfigureAwait(false) > 0)
        {
        }
    }

    /// <summary>
    /// SHA-256 of the whole object, once all of it has been handed out; lower-case hex.
    /// </summary>
    public string Sha256() => Convert.ToHexStringLower(_sha256.GetCurrentHash());

    public async ValueTask DisposeAsync()
    {
        // A read must not continue into a buffer and a reader that have been released.
        if (_next is not null)
            await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _sha256.Dispose();
        await reader.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<ReadOnlyMemory<byte>> FetchAsync()
    {
        var block = _buffers[_turn].AsMemory(0, (int)Math.Min(blockBytes, reader.Length - _asked));
        _turn ^= 1;
        if (block.IsEmpty)
            return block;
        var offset = _asked;
        _asked += block.Length;
        await reader.ReadAsync(offset, block, cancellationToken).ConfigureAwait(false);
        return block;
    }
}
