using System.Diagnostics.CodeAnalysis;
using IdExtractor.Core.Collect;
using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet.Footer;

namespace IdExtractor.Core.Scan.Lanes;

/// <summary>
/// Takes ids as they are stored, checks them (specification, sections 5 and 11), writes them as
/// text and passes them to the collector. One per lane.
/// </summary>
internal sealed class MatchedIdSink(IdShard shard, NullIdPolicy onNullId)
{
    private ErrorPlace _place = new();
    private ColumnDescriptor? _column;
    private IdFormat? _format;
    private long _taken;
    private long _dropped;

    /// <summary>Starts a chunk of a Parquet column.</summary>
    public void Open(ErrorPlace place, ColumnDescriptor column)
    {
        _place = place;
        if (_column == column)
            return;
        _column = column;
        _format = new IdFormat(column);
    }

    /// <summary>Starts a text whose lines are the ids.</summary>
    public void OpenText(ErrorPlace place) => (_place, _column, _format) = (place, null, null);

    /// <summary>Takes a stored value.</summary>
    public void Add(ReadOnlySpan<byte> value)
    {
        var id = value;
        if (_format is not null && !_format.TryFormat(value, out id))
            Fail("A decimal id is too large");
        switch (IdRules.Check(id))
        {
            case IdProblem.None:
                _taken++;
                shard.Add(id);
                break;
            case IdProblem.Empty:
                AddNull();
                break;
            case IdProblem.LineBreak:
                Fail("An id to publish holds a line break");
                break;
            default:
                Fail("An id to publish is not UTF-8");
                break;
        }
    }

    /// <summary>Takes a row whose id, which is not empty, was taken before.</summary>
    public void AddAgain() => _taken++;

    /// <summary>Takes a row without an id.</summary>
    public void AddNull()
    {
        _taken++;
        _dropped++;
        if (onNullId == NullIdPolicy.Fail)
        {
            throw new InputDataException("A matched row has a null or empty id", _place,
                "fix the data, or leave such rows out with --on-null-id drop");
        }
    }

    /// <summary>
    /// Returns the number of rows taken, and of those dropped, since the last call.
    /// </summary>
    public (long Taken, long Dropped) TakeCounts()
    {
        var counts = (_taken, _dropped);
        (_taken, _dropped) = (0, 0);
        return counts;
    }

    [DoesNotReturn]
    private void Fail(string problem) => throw new InputDataException(problem, _place, "fix the data");
}
