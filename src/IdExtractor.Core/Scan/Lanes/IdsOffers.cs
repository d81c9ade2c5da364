using IdExtractor.Parquet.Footer;

namespace IdExtractor.Core.Scan.Lanes;

/// <summary>
/// Work for lanes when no row group is left: reading the ids of a row group whose documents another
/// thread scans. So the last row groups, or the only one, keep all cores busy even though reading
/// cannot start in the middle of a page. Thread safe.
/// </summary>
internal sealed class IdsOffers(int threads)
{
    /// <summary>
    /// Smaller chunks would be finished before another thread could start on them.
    /// </summary>
    public const long LeastBytes = 2 << 20;

    private readonly List<IdsOffer> _offers = [];

    /// <summary>True when these ids are worth offering.</summary>
    public static bool IsWorthwhile(ColumnChunk ids) => ids.Length >= LeastBytes;

    /// <summary>Offers the ids of a row group.</summary>
    /// <param name="task">The row group.</param>
    /// <param name="owner">The thread that scans its documents.</param>
    public IdsOffer Post(ScanTask task, object owner)
    {
        var offer = new IdsOffer(task, owner);
        lock (_offers)
            _offers.Add(offer);
        return offer;
    }

    /// <summary>
    /// Takes the latest open offer, preferably of another thread: the last one started has the most
    /// work left.
    /// </summary>
    /// <param name="taker">The thread that takes.</param>
    public IdsOffer? Take(object taker)
    {
        lock (_offers)
        {
            for (var i = _offers.Count - 1; i >= 0; i--)
            {
                var offer = _offers[i];
                if (threads > 1 && offer.Owner == taker)
                    continue;
                _offers.RemoveAt(i);
                if (offer.TryTake())
                    return offer;
            }
        }

        return null;
    }

    /// <summary>Removes an offer once its owner has reached the end of the documents.</summary>
    public void Remove(IdsOffer offer)
    {
        lock (_offers)
            _offers.Remove(offer);
    }
}
