using IdExtractor.Core.Job;

namespace IdExtractor.Core.Report;

/// <summary>Matched rows by file: those with most of them, and the sum of the others.</summary>
/// <param name="Files">Most matches first, then by name.</param>
/// <param name="OtherFiles">How many files are not listed.</param>
/// <param name="OtherMatched">Their matches.</param>
public sealed record FileMatches(IReadOnlyList<FileMatch> Files, int OtherFiles, long OtherMatched)
{
    /// <summary>The matches of the files that were read for ids.</summary>
    /// <param name="report">The run.</param>
    /// <param name="most">Most files to list.</param>
    public static FileMatches Of(RunReport report, int most)
    {
        ArgumentNullException.ThrowIfNull(report);
        var matched = report.Progress.MatchesByFile();
        var files = report.Facts.Inputs.Where(input => input.Role != TableRole.A).SelectMany(input => input.Files)
            .Select(file => new FileMatch(file.Name, file.Bytes, file.Rows, file.RowGroups, matched.GetValueOrDefault(file.Name)))
            .OrderByDescending(file => file.Matched).ThenBy(file => file.Name, StringComparer.Ordinal).ToList();
        return new FileMatches([.. files.Take(most)], Math.Max(0, files.Count - most), files.Skip(most).Sum(file => file.Matched));
    }
}

/// <summary>The matches of one file.</summary>
/// <param name="Name">Full path or URI.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Rows">Its rows; null for text.</param>
/// <param name="RowGroups">Row groups that hold rows; 0 for text.</param>
/// <param name="Matched">Rows whose document is a key.</param>
public sealed record FileMatch(string Name, long Bytes, long? Rows, int RowGroups, long Matched);
