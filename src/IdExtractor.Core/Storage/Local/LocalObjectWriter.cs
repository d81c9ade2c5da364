using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Storage.Local;

/// <summary>
/// Writes one object by way of a temporary file. A reserved key is locked from the start; any other
/// only for the last step.
/// </summary>
internal sealed class LocalObjectWriter : IObjectWriter
{
    private readonly LocalStoreCore _core;
    private readonly string _key;
    private readonly string _path;
    private readonly PendingFile _pending;
    private readonly TargetLock? _reservation;
    private bool _completed;

    private LocalObjectWriter(LocalStoreCore core, string key, string path, PendingFile pending, TargetLock? reservation)
    {
        _core = core;
        _key = key;
        _path = path;
        _pending = pending;
        _reservation = reservation;
    }

    /// <summary>Begins an object whose folder exists.</summary>
    /// <exception cref="ObjectExistsException">It must be absent, and it is there or is being
    /// written.</exception>
    public static LocalObjectWriter Create(LocalStoreCore core, string key, string path, bool onlyIfAbsent)
    {
        var reservation = onlyIfAbsent ? Reserve(core, path) : null;
        try
        {
            var writer = new LocalObjectWriter(core, key, path, PendingFile.Create(core.Files, path), reservation);
            reservation = null;
            return writer;
        }
        finally
        {
            reservation?.Dispose();
        }
    }

    public ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_completed, this);
        try
        {
            _pending.Append(bytes.Span);
            return ValueTask.CompletedTask;
        }
        catch (Exception error) when (LocalErrors.Knows(error))
        {
            throw LocalErrors.Translate(error, "write the file", _path);
        }
    }

    public ValueTask<ObjectInfo> CompleteAsync(IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ObjectDisposedException.ThrowIf(_completed, this);
        _completed = true;
        return LocalErrors.AttemptAsync("write the file", _path, async () =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            _pending.Seal();
            if (_reservation is not null)
                return _core.Commit.Replace(_pending, _key, _path, metadata, RequireAbsent, cancellationToken);
            using var held = await TargetLock.AcquireAsync(_core.Files, _path, _core.Clock, cancellationToken).ConfigureAwait(false);
            return _core.Commit.Replace(_pending, _key, _path, metadata, _ => { }, cancellationToken);
        });
    }

    public ValueTask DisposeAsync()
    {
        _completed = true;
        _pending.Dispose();
        _reservation?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static TargetLock Reserve(LocalStoreCore core, string path)
    {
        var held = TargetLock.TryAcquire(core.Files, path)
            ?? throw new ObjectExistsException("Another process is writing this object", ErrorPlace.Of(path));
        try
        {
            if (core.Files.Stat(path) is not null)
                throw Taken(path);
            var reservation = held;
            held = null;
            return reservation;
        }
        finally
        {
            held?.Dispose();
        }
    }

    private static ObjectExistsException Taken(string path) => new("The object is there already", ErrorPlace.Of(path));

    private void RequireAbsent(FileState? current)
    {
        if (current is not null)
            throw Taken(_path);
    }
}
