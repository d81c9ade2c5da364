namespace IdExtractor.Core.Job;

/// <summary>
/// The ten steps of a run, in the order in which they run. The folders of this project have the
/// same names.
/// </summary>
public enum RunPhase
{
    /// <summary>Finds the tables and their latest partitions.</summary>
    Catalog,

    /// <summary>
    /// Pins the files, reads their footers and decides which byte ranges to read.
    /// </summary>
    Plan,

    /// <summary>Reads Table A and makes the set of keys.</summary>
    Keys,

    /// <summary>Reads Table B and looks its documents up among the keys.</summary>
    Scan,

    /// <summary>Checks that the inputs are still the versions that were read.</summary>
    Recheck,

    /// <summary>Brings the IDs of matched rows together, sorted, each once.</summary>
    Collect,

    /// <summary>Compresses the text and writes the stage file.</summary>
    Stage,

    /// <summary>Reads the stage file back.</summary>
    Verify,

    /// <summary>Checks the guards and copies stage over active.</summary>
    Promote,

    /// <summary>Writes the run's report.</summary>
    Report,
}

/// <summary>The steps' names in logs, reports and metrics.</summary>
public static class RunPhaseNames
{
    private static readonly string[] s_names = [
        "catalog", "plan", "keys", "scan", "recheck", "collect", "stage", "verify", "promote", "report"
    ];

    /// <summary>The step's name in lower case, as <c>catalog</c>.</summary>
    public static string ToName(this RunPhase phase) => s_names[(int)phase];
}
