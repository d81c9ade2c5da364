namespace IdExtractor.Core.Scan.Lanes;

/// <summary>Matching rows of one row group, in order.</summary>
internal interface IRowSource
{
    /// <summary>There are no more rows.</summary>
    const long None = -1;

    /// <summary>Whether there are more is not known yet.</summary>
    const long NotYet = -2;

    /// <summary>The first row that is not before <paramref name="row"/>, <see cref="None"/> or <see cref="NotYet"/>.</summary>
    long NextFrom(long row);
}
