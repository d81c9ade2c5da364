using IdExtractor.Core.Feed;
using IdExtractor.Core.Job;
using IdExtractor.Core.Keys;
using IdExtractor.Core.Scan;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Formats;

namespace IdExtractor.Core.Pipeline;

/// <summary>
/// Counts the requests that a run makes for a planned input, step by step as the steps make them.
/// Reads of tables are counted by the code that makes them.
/// </summary>
internal sealed class RequestForecaster
{
    /// <summary>Keys and partitions of one page, as S3 and the Data Catalog serve them.</summary>
    private const int PageItems = 1000;

    /// <summary>Folders of stage and active files.</summary>
    private const int OutputFolders = 2;

    private readonly List<StepRequests> _steps = [];

    /// <summary>The requests of a run.</summary>
    public static RequestForecast Of(PlannedInput input)
    {
        var forecaster = new RequestForecaster();
        forecaster.AddCatalog(input);
        forecaster.AddInput(input);
        forecaster.AddPublication();
        return new RequestForecast(forecaster._steps);
    }

    /// <summary>
    /// The reads of the keys, and of the scan, if every row group is read and has a match.
    /// </summary>
    public static (RequestCount Keys, RequestCount Scan) ReadsOf(PlannedInput input) => (
        input.A is { List: { } list } ? ObjectStream.CountRequests(list.Object.Size) : KeyTableReader.CountRequests(input.A.Table!),
        TableScan.CountRequests(input.B));

    private void AddCatalog(PlannedInput input)
    {
        var tables = new[] { input.PartitionsOfA, input.PartitionsOfB }.OfType<PartitionSelection>().ToArray();
        var (glue, folders) = (tables.Where(IsInDataCatalog).ToArray(), tables.Where(table => !IsInDataCatalog(table)).ToArray());
        Add(
            RunPhase.Catalog, RequestKind.List,
            folders.Sum(CountListings) + tables.Sum(table => CountFormatChecks(table.Location, clean: null)));
        Add(RunPhase.Catalog, RequestKind.Catalog, glue.Sum(table => 1 + Pages(table.Candidates.Count + table.Skipped.Count)));
    }

    private void AddInput(PlannedInput input)
    {
        var tables = new[] { input.A.Table, input.B }.OfType<TablePlan>().ToArray();
        var files = tables.Sum(table => table.Files.Count);
        var lists = input.A.List is null ? 0 : 1;

        Add(RunPhase.Plan, RequestKind.Get, tables.Sum(table => table.FooterReads));
        Add(RunPhase.Plan, RequestKind.Head, lists);
        var selections = new[] { input.PartitionsOfA, input.PartitionsOfB }.OfType<PartitionSelection>();
        var checks = selections.Sum(table => CountFormatChecks(table.Candidates[0].Location, table.Location));
        Add(RunPhase.Plan, RequestKind.List, checks + tables.Sum(table => Pages(table.Files.Count + table.Skipped.Count)));

        var (keys, scan) = ReadsOf(input);
        Add(RunPhase.Keys, RequestKind.Get, keys.Requests);
        Add(RunPhase.Scan, RequestKind.Get, scan.Requests);
        Add(RunPhase.Recheck, RequestKind.Head, files + lists);
    }

    private void AddPublication()
    {
        // Stage: a listing of each folder for uploads of killed runs, a check that the name is
        // free, and the file. Verify: the version that was written, and its bytes. Promote: the
        // active file and the staged one before the copy, the copy, and both again after it.
        Add(RunPhase.Stage, RequestKind.Head, 1);
        Add(RunPhase.Stage, RequestKind.List, OutputFolders);
        Add(RunPhase.Stage, RequestKind.Put, 1);
        Add(RunPhase.Verify, RequestKind.Get, 1);
        Add(RunPhase.Verify, RequestKind.Head, 1);
        Add(RunPhase.Promote, RequestKind.Head, 4);
        Add(RunPhase.Promote, RequestKind.Copy, 1);
    }

    /// <summary>
    /// Every partition folder is listed once, the innermost ones to see that they are, and the
    /// table's own.
    /// </summary>
    private static long CountListings(PartitionSelection table)
    {
        if (!table.IsPartitioned)
            return 2;
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var candidate in table.Candidates)
        {
            for (var end = candidate.SourcePartition.Length; end > 0; end = candidate.SourcePartition.LastIndexOf('/', end - 1))
                folders.Add(candidate.SourcePartition[..end]);
        }

        return Pages(folders.Count) + folders.Count + table.Skipped.Count;
    }

    private static long CountFormatChecks(StoreLocation folder, StoreLocation? clean) =>
        TableFormatCheck.RequestsPerFolder * (long)TableFormatCheck.CountFolders(folder, clean);

    private static bool IsInDataCatalog(PartitionSelection table) => AddressScheme.IsGlue(table.Table);

    private static long Pages(long items) => Math.Max(1, (items + PageItems - 1) / PageItems);

    private void Add(RunPhase step, RequestKind kind, long count)
    {
        if (count > 0)
            _steps.Add(new StepRequests(step, kind, count));
    }
}
