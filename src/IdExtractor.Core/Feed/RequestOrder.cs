namespace IdExtractor.Core.Feed;

/// <summary>
/// In which order planned ranges are asked for when several are read side by side, one after another taking the place of one that is done: each request where its bytes are going to be wanted. A
/// range that came whole before the next would leave the readers of the others without work.
/// </summary>
internal static class RequestOrder
{
    /// <summary>The requests, each by its fetch and its first piece.</summary>
    /// <param name="fetches">In the order in which they are taken.</param>
    /// <param name="abreast">Fetches that are read side by side, 1 or more.</param>
    public static IEnumerable<(RangeFetch Fetch, int From)> Of(IEnumerable<RangeFetch> fetches, int abreast)
    {
        var requests = new List<(RangeFetch Fetch, int From, double WantedAt)>();
        var before = 0L;
        foreach (var fetch in fetches)
        {
            for (var from = 0; from < fetch.PieceCount; from += fetch.RequestPieces)
                requests.Add((fetch, from, ((double)before / abreast) + from));
            before += fetch.PieceCount;
        }

        return requests.OrderBy(request => request.WantedAt).Select(request => (request.Fetch, request.From));
    }
}
