using System.Globalization;

namespace IdExtractor.Core.Job;

/// <summary>
/// How long the phases of a run took, as one text of metadata: <c>scan=8.7 stage=0.38</c>, in
/// seconds and in the order of the run.
/// </summary>
public static class PhaseSeconds
{
    /// <summary>The text.</summary>
    public static string Format(IEnumerable<(RunPhase Phase, TimeSpan Elapsed)> phases)
    {
        static string Part((RunPhase Phase, TimeSpan Elapsed) phase) =>
            string.Create(CultureInfo.InvariantCulture, $"{phase.Phase.ToName()}={phase.Elapsed.TotalSeconds:0.###}");

        return string.Join(' ', phases.Select(Part));
    }

    /// <summary>
    /// The phases of a text. What another version wrote and this one does not know is skipped.
    /// </summary>
    public static IReadOnlyList<(RunPhase Phase, TimeSpan Elapsed)> Parse(string? text)
    {
        var names = Enum.GetValues<RunPhase>().ToDictionary(phase => phase.ToName());
        var phases = new List<(RunPhase, TimeSpan)>();
        foreach (var part in (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('=') is [var name, var seconds]
                && names.TryGetValue(name, out var known)
                && double.TryParse(seconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var length)
                && length < TimeSpan.MaxValue.TotalSeconds / 2)
                phases.Add((known, TimeSpan.FromSeconds(length)));
        }

        return phases;
    }
}
