namespace IdExtractor.Core.Feed;

/// <summary>
/// Chooses the planned ranges to fetch together: those close together in one file that are read at
/// about the same time.
/// </summary>
internal static class RangeGroups
{
    /// <summary>
    /// Maximum distance in the plan between ranges of one group: bytes fetched for a later range
    /// occupy memory until its turn.
    /// </summary>
    private const int MostTurnsApart = 32;

    /// <summary>The fetches of a plan, in order, each with the ranges that it serves.</summary>
    public static List<(RangeFetch Fetch, List<PlannedRange> Members)> Of(IEnumerable<PlannedRange> ranges, ReadAheadLimits limits)
    {
        // Only a damaged file has two chunks in one place; the second is fetched when a reader
        // reaches it.
        var plan = ranges.DistinctBy(range => (range.File, range.Offset)).ToList();
        var byPlace = Enumerable.Range(0, plan.Count)
            .GroupBy(turn => plan[turn].File)
            .SelectMany(turns => turns.OrderBy(turn => plan[turn].Offset));
        var groups = new List<Group>();
        foreach (var turn in byPlace)
        {
            if (groups.Count > 0 && groups[^1].TryAdd(turn, plan[turn], limits.RequestBytes))
                continue;
            groups.Add(new Group(turn, plan[turn]));
        }

        return [.. groups.OrderBy(group => group.FirstTurn).Select(group => group.ToFetch(limits))];
    }

    private sealed class Group(int turn, PlannedRange first)
    {
        private readonly List<PlannedRange> _members = [first];
        private int _lastTurn = turn;
        private long _end = first.End;

        public int FirstTurn { get; private set; } = turn;

        public bool TryAdd(int turn, PlannedRange range, int requestBytes)
        {
            var gap = first.File.Store.ReadCost?.GapBytes ?? 0;
            var (from, to) = (Math.Min(turn, FirstTurn), Math.Max(turn, _lastTurn));
            if (!ReferenceEquals(range.File, first.File)
                || range.Offset > _end + gap
                || Math.Max(_end, range.End) - first.Offset > requestBytes
                || to - from > MostTurnsApart)
                return false;
            _members.Add(range);
            (FirstTurn, _lastTurn) = (from, to);
            _end = Math.Max(_end, range.End);
            return true;
        }

        public (RangeFetch Fetch, List<PlannedRange> Members) ToFetch(ReadAheadLimits limits) =>
            (new RangeFetch(first with { Length = _end - first.Offset }, limits, _members) { Turn = FirstTurn }, _members);
    }
}
