namespace IdExtractor.Peers;

/// <summary>A library that reads Parquet files.</summary>
internal interface IColumnPairs
{
    /// <summary>The library's version.</summary>
    string Version { get; }

    /// <summary>Number of row groups in a file.</summary>
    Task<int> CountRowGroupsAsync(string file);

    /// <summary>
    /// Reads a column of one row group: an array of <c>string?</c>, or of <c>long?</c> when it
    /// holds integers.
    /// </summary>
    Task<Array> ReadAsync(string file, int rowGroup, string column);
}
