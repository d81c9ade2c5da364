using System.Text;
using IdExtractor.Core.Job;

namespace IdExtractor.Core.Tests.Stage;

/// <summary>IDs in memory, handed out as they are given.</summary>
public sealed class SortedIdList(IReadOnlyList<byte[]> ids) : ISortedIds
{
    private readonly byte[] _shown = new byte[Math.Max(1, ids.Select(id => id.Length).DefaultIfEmpty().Max())];
    private int _next;

    public SortedIdList(params string[] ids)
        : this([.. ids.Select(Encoding.UTF8.GetBytes)])
    {
    }

    public bool TryNext(out ReadOnlySpan<byte> id)
    {
        // The span is valid only until the next call, so the same bytes are used for each.
        Array.Fill(_shown, (byte)'#');
        if (_next == ids.Count)
        {
            id = default;
            return false;
        }

        ids[_next].CopyTo(_shown, 0);
        id = _shown.AsSpan(0, ids[_next++].Length);
        return true;
    }

    public void Dispose()
    {
    }
}
