using System.Diagnostics.CodeAnalysis;
using IdExtractor.Core.Collect;
using IdExtractor.Core.Errors;
using IdExtractor.Core.Parquet.Pages;
using IdExtractor.Core.Pipeline;

namespace IdExtractor.Core.Scan;

/// <summary>Takes the ids of matched rows as they are stored, checks them (spec sections 5 and 11), writes them as text and hands them to the collector. One per lane.</summary>
internal sealed class MatchedIdSink(IdShard shard, NullIdPolicy onNullId)
{
    private ChunkContext _context = null!;
    private IdText _text = null!;

    /// <summary>Ids taken, dropped ones counted, since the last call of <see cref="TakeCounts"/>.</summary>
    private long _matched;

    private long _dropped;

    /// <summary>Begins a chunk.</summary>
    public void Open(ChunkContext context)
    {
        if (_context?.Column != context.Column)
            _text = new IdText(context.Column);
        _context = context;
    }

    /// <summary>Takes a stored value.</summary>
    public void Add(ReadOnlySpan<byte> value)
    {
        if (!_text.TryFormat(value, out var id))
            Fail("A matched row holds a decimal id that is too large");
        switch (IdRules.Check(id))
        {
            case IdProblem.None:
                _matched++;
                shard.Add(id);
                break;
            case IdProblem.Empty:
                AddNull();
                break;
            case IdProblem.LineBreak:
                Fail("A matched row holds an id with a line break");
                break;
            default:
                Fail("A matched row holds an id that is not UTF-8");
                break;
        }
    }

    /// <summary>Takes a row without an id.</summary>
    public void AddNull()
    {
        _matched++;
        _dropped++;
        if (onNullId == NullIdPolicy.Fail)
        {
            throw new InputDataException("A matched row has a null or empty id", _context.Place(),
                "mend the data, or leave such rows out with --on-null-id drop");
        }
    }

    /// <summary>Rows taken and rows dropped since the last call.</summary>
    public (long Matched, long Dropped) TakeCounts()
    {
        var counts = (_matched, _dropped);
        (_matched, _dropped) = (0, 0);
        return counts;
    }

    [DoesNotReturn]
    private void Fail(string problem) => throw new InputDataException(problem, _context.Place(), "mend the data");
}
