using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Feed;

/// <summary>
/// Opens each file once for all lanes that read it at the same time. The row groups of several
/// files come in turns, so a few files stay open for a while after their last reader. Thread safe.
/// </summary>
/// <param name="cancellationToken">Ends the opening of files.</param>
internal sealed class SharedFiles(CancellationToken cancellationToken) : IDisposable
{
    /// <summary>Files that stay open without a reader.</summary>
    internal const int MaxIdle = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<PlannedFile, OpenFile> _files = new(ReferenceEqualityComparer.Instance);
    private readonly LinkedList<OpenFile> _idle = [];

    /// <summary>Opens a file, or shares it when it is open. The caller disposes the
    /// reader.</summary>
    public async ValueTask<IObjectReader> OpenAsync(PlannedFile file)
    {
        OpenFile? found;
        lock (_gate)
        {
            if (!_files.TryGetValue(file, out found))
                _files.Add(file, found = new OpenFile(file, new(() => file.Store.OpenAsync(file.Object, cancellationToken).AsTask())));
            if (found.Readers++ == 0 && found.Idle.List is not null)
                _idle.Remove(found.Idle);
        }

        try
        {
            return new SharedReader(this, found, await found.Opening.Value.ConfigureAwait(false));
        }
        catch
        {
            await LeaveAsync(found).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Closes the files that have no reader.</summary>
    public void Dispose()
    {
        foreach (var file in _files.Values.Where(file => file.IsOpen))
            file.Opening.Value.Result.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _files.Clear();
    }

    private async ValueTask LeaveAsync(OpenFile file)
    {
        OpenFile? closed = null;
        lock (_gate)
        {
            if (--file.Readers > 0)
                return;
            _idle.AddLast(file.Idle);
            if (!file.IsOpen || _idle.Count > MaxIdle)
            {
                closed = file.IsOpen ? _idle.First!.Value : file;
                _idle.Remove(closed.Idle);
                _files.Remove(closed.File);
            }
        }

        if (closed is { IsOpen: true })
            await closed.Opening.Value.Result.DisposeAsync().ConfigureAwait(false);
    }

    private sealed class OpenFile
    {
        public OpenFile(PlannedFile file, Lazy<Task<IObjectReader>> opening)
        {
            (File, Opening) = (file, opening);
            Idle = new(this);
        }

        public PlannedFile File { get; }

        public Lazy<Task<IObjectReader>> Opening { get; }

        public LinkedListNode<OpenFile> Idle { get; }

        public int Readers { get; set; }

        public bool IsOpen => Opening is { IsValueCreated: true, Value.IsCompletedSuccessfully: true };
    }

    private sealed class SharedReader(SharedFiles owner, OpenFile file, IObjectReader reader) : IObjectReader
    {
        private int _isDisposed;

        public long Length => reader.Length;

        public bool IsNear => reader.IsNear;

        public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken) =>
            reader.ReadAsync(offset, destination, cancellationToken);

        public ValueTask ReadAsync(
            long offset, IReadOnlyList<Memory<byte>> buffers, Action<int> filled, CancellationToken cancellationToken) =>
            reader.ReadAsync(offset, buffers, filled, cancellationToken);

        public ValueTask DisposeAsync() =>
            Interlocked.Exchange(ref _isDisposed, 1) == 0 ? owner.LeaveAsync(file) : ValueTask.CompletedTask;
    }
}
