namespace IdExtractor.Core.Scan.Lanes;

/// <summary>
/// The ids of a row group whose documents are being scanned, for a lane that has nothing else to do: it draws them while the owner finds the rows. Whoever comes first, taker or owner at the end of
/// the documents, has the ids. Thread safe.
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

    /// <summary>Who scans the documents.</summary>
    public object Owner => owner;

    /// <summary>Somebody draws the ids.</summary>
    public bool IsTaken => _state == State.Taken;

    /// <summary>For whoever would draw the ids. False when it is too late.</summary>
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

    /// <summary>For the owner: tells the taker of the rows found since the last call. Rows come in order, and begin anew when a scan does.</summary>
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

    /// <summary>For the owner: all rows are found. False when nobody has taken the ids, and nobody will.</summary>
    /// <param name="found">The rows.</param>
    /// <param name="nullDocuments">What was counted beside them.</param>
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

    /// <summary>For the owner: the row group is left, and will be begun again by somebody else.</summary>
    public void Withdraw()
    {
        lock (_gate)
            _state = State.Closed;
        Wake();
    }

    /// <summary>For the taker: there is no room for its pages. The owner draws the ids, unless it has gone.</summary>
    /// <param name="nullDocuments">What the owner counted, when it has gone.</param>
    /// <returns>Whether the owner is still there; else the caller has to see to the row group.</returns>
    public bool GiveBack(out long nullDocuments)
    {
        lock (_gate)
        {
            nullDocuments = _nullDocuments;
            _state = State.Closed;
            return !_isComplete;
        }
    }

    /// <summary>For the taker, after <see cref="IRowSource.NotYet"/>: returns when the owner has done something.</summary>
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
