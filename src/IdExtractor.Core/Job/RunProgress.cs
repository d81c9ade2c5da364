namespace IdExtractor.Core.Job;

/// <summary>
/// Counters of one run. Scanning threads add to them, displays and reports read them at any moment.
/// </summary>
public sealed class RunProgress
{
    private readonly long[] _documentPages = new long[3];
    private readonly long[] _idPages = new long[3];
    private long _rowsTotal, _rowsScanned, _bytesTotal, _bytesRead, _rowsMatched, _nullDocuments, _nullIdsDropped, _rowGroupsSkipped,
        _pagesSkipped, _requests, _retries;
    private readonly long[] _requestsByKind = new long[RequestKindNames.Total];
    private readonly Dictionary<string, long> _matchesByFile = new(StringComparer.Ordinal);

    /// <summary>Rows of the chosen partition of B.</summary>
    public long RowsTotal => Volatile.Read(ref _rowsTotal);

    /// <summary>
    /// Rows of B whose document has been checked, or that could safely be skipped.
    /// </summary>
    public long RowsScanned => Volatile.Read(ref _rowsScanned);

    /// <summary>Bytes of B's key chunks: what a full scan of the documents reads.</summary>
    public long BytesTotal => Volatile.Read(ref _bytesTotal);

    /// <summary>Bytes read from the stores, of A and B.</summary>
    public long BytesRead => Volatile.Read(ref _bytesRead);

    /// <summary>Rows of B whose document is a key.</summary>
    public long RowsMatched => Volatile.Read(ref _rowsMatched);

    /// <summary>Rows of B without a document.</summary>
    public long NullDocuments => Volatile.Read(ref _nullDocuments);

    /// <summary>Matched rows dropped because they have no ID.</summary>
    public long NullIdsDropped => Volatile.Read(ref _nullIdsDropped);

    /// <summary>Row groups of B that statistics, page index or bloom filter ruled out.</summary>
    public long RowGroupsSkipped => Volatile.Read(ref _rowGroupsSkipped);

    /// <summary>
    /// Pages of documents that the page index ruled out, in row groups of which others were read.
    /// </summary>
    public long PagesSkipped => Volatile.Read(ref _pagesSkipped);

    /// <summary>Pages of documents by the way in which they were read.</summary>
    public PagesRead DocumentPages => Read(_documentPages);

    /// <summary>Pages of ids by the way in which they were read.</summary>
    public PagesRead IdPages => Read(_idPages);

    /// <summary>Requests to the stores and the catalog.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>Requests that were tried again.</summary>
    public long Retries => Volatile.Read(ref _retries);

    /// <summary>Requests of a kind. Those that cost nothing have no kind.</summary>
    public long RequestsOf(RequestKind kind) => Volatile.Read(ref _requestsByKind[(int)kind]);

    /// <summary>Matched rows by the file's name, as far as there are some.</summary>
    public IReadOnlyDictionary<string, long> MatchesByFile()
    {
        lock (_matchesByFile)
            return new Dictionary<string, long>(_matchesByFile, StringComparer.Ordinal);
    }

    /// <summary>Sets how much there is to scan.</summary>
    /// <param name="rows">Rows of the partition of B, 0 or more.</param>
    /// <param name="bytes">Bytes of its key chunks, 0 or more.</param>
    public void SetTotals(long rows, long bytes)
    {
        Volatile.Write(ref _rowsTotal, rows);
        Volatile.Write(ref _bytesTotal, bytes);
    }

    /// <summary>
    /// Adds scanned rows and how many of them have no document. Both are negative for a row group
    /// that will be scanned again.
    /// </summary>
    public void AddScanned(long rows, long nullDocuments)
    {
        Interlocked.Add(ref _rowsScanned, rows);
        Interlocked.Add(ref _nullDocuments, nullDocuments);
    }

    /// <summary>
    /// Adds matched rows and how many of them were dropped because they have no ID.
    /// </summary>
    public void AddMatched(long rows, long dropped)
    {
        Interlocked.Add(ref _rowsMatched, rows);
        Interlocked.Add(ref _nullIdsDropped, dropped);
    }

    /// <summary>
    /// Adds matched rows of a file, and how many of them were dropped because they have no ID.
    /// </summary>
    public void AddMatched(long rows, long dropped, string file)
    {
        AddMatched(rows, dropped);
        if (rows == 0)
            return;
        lock (_matchesByFile)
            _matchesByFile[file] = _matchesByFile.GetValueOrDefault(file) + rows;
    }

    /// <summary>Adds bytes read.</summary>
    public void AddBytesRead(long bytes) => Interlocked.Add(ref _bytesRead, bytes);

    /// <summary>Adds one row group that was ruled out.</summary>
    public void AddRowGroupSkipped() => Interlocked.Increment(ref _rowGroupsSkipped);

    /// <summary>Adds pages that were ruled out.</summary>
    public void AddPagesSkipped(long pages) => Interlocked.Add(ref _pagesSkipped, pages);

    /// <summary>Adds pages of documents that were read.</summary>
    public void AddDocumentPages(PagesRead pages) => Add(_documentPages, pages);

    /// <summary>Adds pages of ids that were read.</summary>
    public void AddIdPages(PagesRead pages) => Add(_idPages, pages);

    /// <summary>Adds a request that leaves the process; null for one that costs nothing.</summary>
    public void AddRequest(RequestKind? kind)
    {
        Interlocked.Increment(ref _requests);
        if (kind is { } known)
            Interlocked.Increment(ref _requestsByKind[(int)known]);
    }

    /// <summary>Adds requests, and how many of them were repeats of others.</summary>
    public void AddRequests(long requests, long retries)
    {
        Interlocked.Add(ref _requests, requests);
        Interlocked.Add(ref _retries, retries);
    }

    private static PagesRead Read(long[] pages) =>
        new(Volatile.Read(ref pages[0]), Volatile.Read(ref pages[1]), Volatile.Read(ref pages[2]));

    private static void Add(long[] pages, PagesRead more)
    {
        Interlocked.Add(ref pages[0], more.Window);
        Interlocked.Add(ref pages[1], more.LockStep);
        Interlocked.Add(ref pages[2], more.Whole);
    }
}
