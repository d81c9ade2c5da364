using IdExtractor.Parquet.Pages;

namespace IdExtractor.Core.Job;

/// <summary>
/// Pages of one column, dictionaries included, by the way in which they were read. Pages that were
/// skipped are not counted.
/// </summary>
/// <param name="Window">Pages read by <see cref="PageWay.Window"/>.</param>
/// <param name="LockStep">Pages read by <see cref="PageWay.LockStep"/>.</param>
/// <param name="Whole">Pages read by <see cref="PageWay.Whole"/>.</param>
public record struct PagesRead(long Window, long LockStep, long Whole)
{
    /// <summary>Counts one page.</summary>
    internal void Add(PageWay way)
    {
        switch (way)
        {
            case PageWay.Window:
                Window++;
                break;
            case PageWay.LockStep:
                LockStep++;
                break;
            default:
                Whole++;
                break;
        }
    }
}
