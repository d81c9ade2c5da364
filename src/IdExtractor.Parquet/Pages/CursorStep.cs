namespace IdExtractor.Parquet.Pages;

/// <summary>
/// What a <see cref="ChunkCursor"/> has come to, and what its owner does about it.
/// </summary>
internal enum CursorStep
{
    /// <summary>
    /// A dictionary that the window or the kernel can read. The owner calls
    /// <see cref="ChunkCursor.SlideDictionary"/> or <see cref="ChunkCursor.KeepDictionary"/>.
    /// </summary>
    Dictionary,

    /// <summary>
    /// A data page. The owner calls <see cref="ChunkCursor.OpenPage"/>, or steps on to skip it.
    /// </summary>
    Page,

    /// <summary>
    /// Something new may be in the window. The owner consumes what it can use.
    /// </summary>
    Window,

    /// <summary>The page can be read in batches, once.</summary>
    Batches,

    /// <summary>
    /// The owner runs the kernel of the codec on <see cref="ChunkCursor.Stream"/>.
    /// </summary>
    WantsKernel,

    /// <summary>
    /// The chunk cannot be read in this way: a window is too small for a page, or a page is not
    /// where the index has it. The owner opens the chunk again, without either.
    /// </summary>
    Restart,

    /// <summary>The chunk has no more pages.</summary>
    End,
}
