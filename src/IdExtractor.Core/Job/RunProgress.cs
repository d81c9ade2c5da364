namespace IdExtractor.Core.Job;

/// <summary>Counters of one run. Scanning threads add to them, displays and reports read them at any moment.</summary>
public sealed class RunProgress
{
    private long _rowsTotal, _rowsScanned, _bytesTotal, _bytesRead, _rowsMatched, _nullDocuments, _nullIdsDropped, _rowGroupsSkipped, _pagesSkipped, _requests, _retries;

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

    /// <summary>Pages of documents that the page index ruled out, in row groups of which others were read.</summary>
    public long PagesSkipped => Volatile.Read(ref _pagesSkipped);

    /// <summary>Requests to the stores and the catalog.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>Requests that were tried again.</summary>
    public long Retries => Volatile.Read(ref _retries);

    /// <summary>Sets how much there is to scan.</summary>
    public void SetTotals(long rows, long bytes)
    {
        Volatile.Write(ref _rowsTotal, rows);
        Volatile.Write(ref _bytesTotal, bytes);
    }

    /// <summary>Adds scanned rows and how many of them have no document.</summary>
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

    /// <summary>Adds bytes read.</summary>
    public void AddBytesRead(long bytes) => Interlocked.Add(ref _bytesRead, bytes);

    /// <summary>Adds one row group that was ruled out.</summary>
    public void AddRowGroupSkipped() => Interlocked.Increment(ref _rowGroupsSkipped);

    /// <summary>Adds pages that were ruled out.</summary>
    public void AddPagesSkipped(long pages) => Interlocked.Add(ref _pagesSkipped, pages);

    /// <summary>Adds requests.</summary>
    public void AddRequests(long requests, long retries)
    {
        Interlocked.Add(ref _requests, requests);
        Interlocked.Add(ref _retries, retries);
    }
}
