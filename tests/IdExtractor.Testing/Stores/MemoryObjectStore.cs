using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Testing.Stores;

/// <summary>
/// Objects in memory: the simplest store that keeps the contract, for tests and as the reference
/// implementation that others are compared with.
/// </summary>
public sealed class MemoryObjectStore(TimeProvider? clock = null) : IObjectStore
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Version> _objects = new(KeyOrder.Instance);
    private long _versions;

    /// <inheritdoc/>
    public string Describe(string key) => $"memory://{key}";

    /// <inheritdoc/>
    public ValueTask<ObjectInfo?> HeadAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKey.Require(key);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Find(key)?.Info);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var info in Snapshot(prefix))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return info with { Metadata = ObjectInfo.EmptyMetadata };
        }

        await ValueTask.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LevelEntry> ListLevelAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var entries = Snapshot(prefix)
            .Select(
                info => info.Key.IndexOf('/', prefix.Length) is >= 0 and var end
                    ? new LevelEntry(info.Key[..(end + 1)], 0)
                    : new LevelEntry(info.Key, info.Size))
            .Distinct();
        foreach (var entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return entry;
        }

        await ValueTask.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<IObjectReader> OpenAsync(ObjectInfo version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(version);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<IObjectReader>(new Reader(Pinned(version.Key, version.Stamp).Bytes));
    }

    /// <inheritdoc/>
    public ValueTask<IObjectWriter> CreateAsync(string key, WriteOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ObjectKey.Require(key);
        cancellationToken.ThrowIfCancellationRequested();
        if (options.OnlyIfAbsent)
            RequireAbsent(key, Find(key));
        return ValueTask.FromResult<IObjectWriter>(new Writer(this, key, options));
    }

    /// <inheritdoc/>
    public ValueTask<ObjectInfo> CopyAsync(
        string sourceKey, ObjectStamp sourceStamp, string destinationKey, CopyOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ObjectKey.Require(destinationKey);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var source = Pinned(sourceKey, sourceStamp);
            var current = Find(destinationKey);
            if (options.ExpectedDestination is { } expected && expected.Stamp != current?.Info.Stamp)
                throw Changed(destinationKey, expected.Stamp, current?.Info.Stamp);
            if (options.ExpectedSha256 is { } sha256 && Convert.ToHexStringLower(SHA256.HashData(source.Bytes)) != sha256)
                throw new VerificationException("The copy would not be what was verified", ErrorPlace.Of(Describe(sourceKey)));
            return ValueTask.FromResult(Put(destinationKey, source.Bytes, options.Metadata));
        }
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string key, CancellationToken cancellationToken)
    {
        ObjectKey.Require(key);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
            _objects.Remove(key);
        return ValueTask.CompletedTask;
    }

    private Version? Find(string key)
    {
        lock (_gate)
            return _objects.GetValueOrDefault(key);
    }

    private Version Pinned(string key, ObjectStamp stamp)
    {
        ObjectKey.Require(key);
        var found = Find(key);
        return found?.Info.Stamp == stamp ? found : throw Changed(key, stamp, found?.Info.Stamp);
    }

    private ObjectInfo Put(string key, byte[] bytes, IReadOnlyDictionary<string, string> metadata)
    {
        lock (_gate)
        {
            var info = new ObjectInfo(key, bytes.Length, new ObjectStamp($"v{++_versions}"), _clock.GetUtcNow())
            {
                Metadata = new Dictionary<string, string>(metadata, StringComparer.Ordinal),
            };
            _objects[key] = new Version(info, bytes);
            return info;
        }
    }

    private List<ObjectInfo> Snapshot(string prefix)
    {
        ObjectKey.RequirePrefix(prefix);
        lock (_gate)
            return [.. _objects.Values.Select(version => version.Info)
                .Where(info => info.Key.StartsWith(prefix, StringComparison.Ordinal))];
    }

    private void RequireAbsent(string key, Version? current)
    {
        if (current is not null)
            throw new ObjectExistsException("The object is there already", ErrorPlace.Of(Describe(key)));
    }

    private ObjectChangedException Changed(string key, ObjectStamp? expected, ObjectStamp? actual) =>
        new("An object is no longer the one that was chosen", new ErrorPlace
        {
            Object = Describe(key),
            Expected = expected is { } wanted ? $"version {wanted}" : "no object",
            Actual = actual is { } found ? $"version {found}" : "no object",
        });

    private sealed record Version(ObjectInfo Info, byte[] Bytes);

    private sealed class Reader(byte[] bytes) : IObjectReader
    {
        public long Length => bytes.Length;

        public bool IsNear => true;

        public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(offset);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, bytes.Length - offset, nameof(destination));
            cancellationToken.ThrowIfCancellationRequested();
            bytes.AsSpan((int)offset, destination.Length).CopyTo(destination.Span);
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Writer(MemoryObjectStore store, string key, WriteOptions options) : IObjectWriter
    {
        private readonly MemoryStream _bytes = new();
        private bool _ended;

        public ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            cancellationToken.ThrowIfCancellationRequested();
            _bytes.Write(bytes.Span);
            return ValueTask.CompletedTask;
        }

        public ValueTask<ObjectInfo> CompleteAsync(IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            cancellationToken.ThrowIfCancellationRequested();
            _ended = true;
            lock (store._gate)
            {
                var free = options is { OnlyIfAbsent: true, KeyIfTaken: { } other } && store.Find(key) is not null ? other : key;
                if (options.OnlyIfAbsent)
                    store.RequireAbsent(free, store.Find(free));
                return ValueTask.FromResult(store.Put(free, _bytes.ToArray(), metadata));
            }
        }

        public ValueTask DisposeAsync()
        {
            _ended = true;
            return ValueTask.CompletedTask;
        }
    }
}
