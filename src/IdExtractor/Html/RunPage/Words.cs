namespace IdExtractor.Html.RunPage;

/// <summary>
/// The words of a run's page in one language. Every language has to have all of them.
/// </summary>
internal sealed record Words
{
    public required string Title { get; init; }
    public required string Run { get; init; }
    public required string Partition { get; init; }
    public required string Unknown { get; init; }
    public required string NotReached { get; init; }
    public required string Published { get; init; }
    public required string Current { get; init; }
    public required string Verified { get; init; }
    public required string Planned { get; init; }
    public required string Listed { get; init; }
    public required string Pruned { get; init; }
    public required string WouldPrune { get; init; }
    public required string Cancelled { get; init; }
    public required string StoppedByGuard { get; init; }
    public required string Failed { get; init; }
    public required string Started { get; init; }
    public required string ExitCode { get; init; }
    public required string StageKept { get; init; }
    public required string NextPromote { get; init; }
    public required string NextVerify { get; init; }
    public required string NextAgain { get; init; }
    public required string NextRun { get; init; }
    public required string Ids { get; init; }
    public required string ActiveIds { get; init; }
    public required string StageFiles { get; init; }
    public required string Removed { get; init; }
    public required string ToRemove { get; init; }
    public required string Kept { get; init; }
    public required string ToRead { get; init; }
    public required string ToReadRequests { get; init; }
    public required string Cost { get; init; }
    public required string CostParts { get; init; }
    public required string Change { get; init; }
    public required string Against { get; init; }
    public required string NoPrevious { get; init; }
    public required string ValidCpfs { get; init; }
    public required string Rejected { get; init; }
    public required string Duplicate { get; init; }
    public required string RowsScanned { get; init; }
    public required string Matched { get; init; }
    public required string Duration { get; init; }
    public required string RowsPerSecond { get; init; }
    public required string Requests { get; init; }
    public required string NoRequests { get; init; }
    public required string RowsToIds { get; init; }
    public required string RowsToIdsNote { get; init; }
    public required string LinesToKeys { get; init; }
    public required string LinesToKeysNote { get; init; }
    public required string RowsOfPartition { get; init; }
    public required string RowsMatched { get; init; }
    public required string RowsWithId { get; init; }
    public required string DistinctIds { get; init; }
    public required string ValuesRead { get; init; }
    public required string DistinctKeys { get; init; }
    public required IReadOnlyList<string> RejectReasons { get; init; }
    public required string Phases { get; init; }
    public required string PhasesNote { get; init; }
    public required string Unfinished { get; init; }
    public required IReadOnlyList<string> PhaseNotes { get; init; }
    public required string Guards { get; init; }
    public required string GuardsNote { get; init; }
    public required IReadOnlyList<string> GuardStates { get; init; }
    public required string AtLeast { get; init; }
    public required string AtMost { get; init; }
    public required string NotOlder { get; init; }
    public required string OverTime { get; init; }
    public required string Throughput { get; init; }
    public required string Memory { get; init; }
    public required string Peak { get; init; }
    public required string Files { get; init; }
    public required string FilesNote { get; init; }
    public required string File { get; init; }
    public required string Size { get; init; }
    public required string Rows { get; init; }
    public required string RowGroups { get; init; }
    public required string Matches { get; init; }
    public required string MatchRate { get; init; }
    public required string OtherFiles { get; init; }
    public required string Warnings { get; init; }
    public required string MoreWarnings { get; init; }
    public required string Error { get; init; }
    public required string Kind { get; init; }
    public required string Advice { get; init; }
    public required string Object { get; init; }
    public required string RowGroup { get; init; }
    public required string ColumnName { get; init; }
    public required string Offset { get; init; }
    public required string Expected { get; init; }
    public required string Actual { get; init; }
    public required string Settings { get; init; }
    public required string SettingsNote { get; init; }
    public required string Option { get; init; }
    public required string Value { get; init; }
    public required string Origin { get; init; }
    public required IReadOnlyDictionary<string, string> Origins { get; init; }
    public required string Checksums { get; init; }
    public required string ChecksumsNote { get; init; }
    public required string Md5OfText { get; init; }
    public required string Sha256OfFile { get; init; }
    public required string ActiveFile { get; init; }
    public required string StageFile { get; init; }
    public required string Checked { get; init; }
    public required string NotMeasured { get; init; }

    /// <summary>The words of a language.</summary>
    public static Words Of(PageLanguage language) => language == PageLanguage.Portuguese ? PortugueseWords.All : EnglishWords.All;
}
