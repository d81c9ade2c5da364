using IdExtractor.Parquet.Footer;

namespace IdExtractor.Core.Scan.Lanes;

/// <summary>
/// What lanes may do when no row group is left: draw ids of a row group whose documents another thread scans. So the last row groups, or the only one, keep all cores busy although a page cannot be
/// entered in its middle. Thread safe.
/// </summary>
internal sealed class IdsOffers(int threads)
{
    /// <summary>Chunks of fewer bytes are drawn before another thread would have come to them.</summary>
    public const long LeastBytes = 2 << 20;

    private readonly List<IdsOffer> _offers = [];

    /// <summary>Whether it pays to offer these ids.</summary>
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

    /// <summary>Takes the latest offer that stands, of another thread if there is one: what was begun last has the most left to do.</summary>
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

    /// <summary>Forgets an offer, once its owner has come to the end of the documents.</summary>
    public void Remove(IdsOffer offer)
    {
        lock (_offers)
            _offers.Remove(offer);
    }
}
