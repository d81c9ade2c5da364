namespace IdExtractor.Core.Scan.Lanes;

/// <summary>
/// Offers the ids of a row group whose documents are being scanned to an idle lane, which reads
/// them while the owner finds the rows. The ids go to whichever comes first: the taker, or the
/// owner at the end of the documents. Thread safe.
/// </summary>
internal sealed class IdsOffer(ScanTask task, object owner) : IRowSource
{
    private enum State
    {
        Open,
        Taken,
        Closed,
    }

    private readonly object _gate = new();
    private readonly RowSet _rows = new();
    private volatile State _state;
    private bool _isComplete;
    private bool _hasNews;
    private long _published;
    private long _nullDocuments;

    /// <summary>The row group.</summary>
    public ScanTask Task => task;

    /// <summary>The thread that scans the documents.</summary>
    public object Owner => owner;

    /// <summary>True while a taker reads the ids.</summary>
    public bool IsTaken => _state == State.Taken;

    /// <summary>
    /// For the taker: claims the ids. False when the owner or another thread already reads them.
    /// </summary>
    public bool TryTake()
    {
        lock (_gate)
        {
            if (_state != State.Open)
                return false;
            _state = State.Taken;
            return true;
        }
    }

    /// <summary>
    /// For the owner: passes the rows found since the last call to the taker. Rows come in order,
    /// and from the first one again when the scan restarts.
    /// </summary>
    public void Publish(RowSet found)
    {
        lock (_gate)
        {
            for (var row = found.NextFrom(_published); row >= 0; row = found.NextFrom(_published))
            {
                _rows.Add(row);
                _published = row + 1;
            }
        }

        Wake();
    }

    /// <summary>
    /// For the owner: all rows are found. False when the ids have not been taken; they no longer
    /// can be.
    /// </summary>
    /// <param name="found">The rows.</param>
    /// <param name="nullDocuments">The number of rows without a document.</param>
    public bool Complete(RowSet found, long nullDocuments)
    {
        lock (_gate)
        {
            if (_state != State.Taken)
            {
                _state = State.Closed;
                return false;
            }

            _isComplete = true;
            _nullDocuments = nullDocuments;
        }

        Publish(found);
        return true;
    }

    /// <summary>
    /// For the owner: abandons the row group, which another thread will start again.
    /// </summary>
    public void Withdraw()
    {
        lock (_gate)
            _state = State.Closed;
        Wake();
    }

    /// <summary>
    /// For the taker: there is no memory for its pages. The owner reads the ids, unless it has
    /// finished.
    /// </summary>
    /// <param name="nullDocuments">The owner's count, when it has finished.</param>
    /// <returns>True when the owner is still there; otherwise, the caller must handle the row
    /// group.</returns>
    public bool GiveBack(out long nullDocuments)
    {
        lock (_gate)
        {
            nullDocuments = _nullDocuments;
            _state = State.Closed;
            return !_isComplete;
        }
    }

    /// <summary>
    /// For the taker, after <see cref="IRowSource.NotYet"/>: waits for a change by the owner.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void WaitForNews(CancellationToken cancellationToken)
    {
        using var end = cancellationToken.Register(Wake);
        lock (_gate)
        {
            while (!_hasNews && !cancellationToken.IsCancellationRequested)
                Monitor.Wait(_gate);
            _hasNews = false;
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <inheritdoc/>
    public long NextFrom(long row)
    {
        lock (_gate)
        {
            var next = _rows.NextFrom(row);
            return next >= 0 || _isComplete ? next : IRowSource.NotYet;
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            _hasNews = true;
            Monitor.PulseAll(_gate);
        }
    }
}
