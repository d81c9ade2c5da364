namespace IdExtractor.Core.Feed;

/// <summary>
/// The order of requests for planned ranges when several are read concurrently and each finished
/// range makes way for the next. Requests follow the order in which their bytes will be needed. If
/// one range were fetched completely before the next, the readers of the others would be idle.
/// </summary>
internal static class RequestOrder
{
    /// <summary>The requests, each as its fetch and its first piece.</summary>
    /// <param name="fetches">In the order in which readers take them.</param>
    /// <param name="concurrency">Fetches that are read concurrently, 1 or more.</param>
    public static IEnumerable<(RangeFetch Fetch, int From)> Of(IEnumerable<RangeFetch> fetches, int concurrency)
    {
        var requests = new List<(RangeFetch Fetch, int From, double WantedAt)>();
        var before = 0L;
        foreach (var fetch in fetches)
        {
            for (var from = 0; from < fetch.PieceCount; from += fetch.RequestPieces)
                requests.Add((fetch, from, ((double)before / concurrency) + from));
            before += fetch.PieceCount;
        }

        return requests.OrderBy(request => request.WantedAt).Select(request => (request.Fetch, request.From));
    }
}
