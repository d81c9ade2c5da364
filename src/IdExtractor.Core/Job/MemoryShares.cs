namespace IdExtractor.Core.Job;

/// <summary>
/// How <c>--max-memory</c> is divided (specification, sections 7 and 10). No part may use what
/// another part leaves free, so that a run that fits once always fits.
/// </summary>
/// <param name="Total">Bytes in all.</param>
internal readonly record struct MemoryShares(long Total)
{
    /// <summary>Footers of Table A.</summary>
    public long FootersOfA => Total / 16;

    /// <summary>Footers of Table B, or of the parts that are published.</summary>
    public long FootersOfB => Total * 3 / 16;

    /// <summary>Pages, dictionaries and windows of all threads.</summary>
    public long Pages => Total / 4;

    /// <summary>Ids and keys together: ids that do not fit go to disk, keys cannot.</summary>
    public long IdsAndKeys => Total / 2;

    /// <summary>Keys alone, so that some room is left for ids.</summary>
    public long Keys => IdsAndKeys * 7 / 8;

    /// <summary>Ids, once the keys are known.</summary>
    /// <param name="keyBytes">Bytes that the key set takes.</param>
    public long IdsBeside(long keyBytes) => IdsAndKeys - Math.Min(Keys, keyBytes);
}
