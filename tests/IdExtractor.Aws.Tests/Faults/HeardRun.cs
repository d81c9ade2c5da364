using IdExtractor.Core.Job;

namespace IdExtractor.Aws.Tests.Faults;

/// <summary>Keeps what a run reports.</summary>
internal sealed class HeardRun : SilentObserver
{
    private readonly Lock _gate = new();
    private readonly Dictionary<RunCount, long> _counts = [];
    private readonly List<string> _warnings = [];
    private readonly List<string> _notes = [];

    public IReadOnlyList<string> Warnings
    {
        get
        {
            lock (_gate)
                return [.. _warnings];
        }
    }

    /// <summary>Names of what happened.</summary>
    public IReadOnlyList<string> Notes
    {
        get
        {
            lock (_gate)
                return [.. _notes];
        }
    }

    /// <summary>A count; -1 when it was not reported.</summary>
    public long Count(RunCount count)
    {
        lock (_gate)
            return _counts.GetValueOrDefault(count, -1);
    }

    public override void Counted(RunCount count, long value)
    {
        lock (_gate)
            _counts[count] = value;
    }

    public override void Warn(string message)
    {
        lock (_gate)
            _warnings.Add(message);
    }

    public override void Note(string name, params ReadOnlySpan<RunField> fields)
    {
        lock (_gate)
            _notes.Add(name);
    }
}
