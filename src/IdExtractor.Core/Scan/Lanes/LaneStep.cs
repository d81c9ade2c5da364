namespace IdExtractor.Core.Scan.Lanes;

/// <summary>Why a chunk scanner gave control back.</summary>
internal enum LaneStep
{
    /// <summary>It waits for the kernel of its codec to run on its stream.</summary>
    WantsKernel,

    /// <summary>The chunk is done.</summary>
    Done,

    /// <summary>It waits for another thread to find out which rows are wanted.</summary>
    WantsRows,

    /// <summary>
    /// The page cannot be read through a window after all: the chunk must be restarted without
    /// windows.
    /// </summary>
    Restart,
}
