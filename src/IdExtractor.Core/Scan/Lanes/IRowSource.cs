namespace IdExtractor.Core.Scan.Lanes;

/// <summary>Matching rows of one row group, in order.</summary>
internal interface IRowSource
{
    /// <summary>No rows are left.</summary>
    const long None = -1;

    /// <summary>It is not known yet whether there are more rows.</summary>
    const long NotYet = -2;

    /// <summary>
    /// Returns the first row at or after <paramref name="row"/>, <see cref="None"/> or
    /// <see cref="NotYet"/>.
    /// </summary>
    long NextFrom(long row);
}
