namespace IdExtractor.Parquet.Pages;

/// <summary>The ways to read a page, the fastest first.</summary>
internal enum PageWay
{
    /// <summary>Decompressed piece by piece through a window that stays in cache.</summary>
    Window,

    /// <summary>Decompressed whole, in lock step with the pages of other lanes.</summary>
    LockStep,

    /// <summary>Decompressed whole in one call, as the reference implementation does.</summary>
    Whole,
}
