namespace IdExtractor.Core.Job;

/// <summary>Names of notes, and of their fields, that more than the log reads.</summary>
internal static class RunEvents
{
    /// <summary>A guard stopped the run, and its stage file is kept.</summary>
    public const string StageKept = "stage.kept";

    /// <summary>The field of the command that publishes that file.</summary>
    public const string PromoteCommand = "promote";
}
