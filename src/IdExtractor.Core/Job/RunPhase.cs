namespace IdExtractor.Core.Job;

/// <summary>
/// The ten steps of a run, in order (specification, section 1). Steps that stream into each other
/// (read, scan, match, collect) overlap: each is started and finished on its own.
/// </summary>
public enum RunPhase
{
    /// <summary>Finds the tables and their latest partitions.</summary>
    Catalog,

    /// <summary>Reads footers and decides which byte ranges to read.</summary>
    Plan,

    /// <summary>Fetches byte ranges.</summary>
    Read,

    /// <summary>Decodes the documents of B.</summary>
    Scan,

    /// <summary>Builds the key set from A and looks the documents of B up in it.</summary>
    Match,

    /// <summary>Gathers the IDs of matched rows, each once.</summary>
    Collect,

    /// <summary>Compresses the text and writes the stage file.</summary>
    Stage,

    /// <summary>Reads the stage file back.</summary>
    Verify,

    /// <summary>Checks the guards and copies stage over active.</summary>
    Promote,

    /// <summary>Says what was done.</summary>
    Report,
}

/// <summary>The steps' names in logs, reports and metrics.</summary>
public static class RunPhaseNames
{
    private static readonly string[] s_names = ["catalog", "plan", "read", "scan", "match", "collect", "stage", "verify", "promote", "report"];

    /// <summary>The step's name in lower case, as <c>catalog</c>.</summary>
    public static string ToName(this RunPhase phase) => s_names[(int)phase];
}
