using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Pipeline;

/// <summary>
/// Ensures that a run writes nothing into a table that it reads, once the catalog has said where
/// the tables are: the next run would find the output among the data. References that name folders
/// are checked before, by the command line.
/// </summary>
internal static class OutputOverlap
{
    /// <summary>Refuses outputs in the folder of a table.</summary>
    /// <param name="written">Full paths or URIs of the files that the run will write.</param>
    /// <param name="input">What it will read.</param>
    /// <exception cref="UsageException">One is in a table, or is a list of CPFs.</exception>
    public static void Check(IReadOnlyList<string> written, PlannedInput input)
    {
        if (input.A.List is { } list && written.Contains(list.Name, StringComparer.Ordinal))
            throw new UsageException("--output and its keys name the list that --table-a names", "give another place");
        if (input.A.Table is { } a)
            Check(written, a, "--table-a");
        Check(written, input.B, "--table-b");
    }

    private static void Check(IReadOnlyList<string> written, TablePlan table, string option)
    {
        foreach (var folder in table.Files.Select(file => TableFolder(file.Name)).Distinct(StringComparer.Ordinal))
        {
            if (written.Any(path => path.StartsWith(folder, StringComparison.Ordinal)))
                throw new UsageException($"--output is in the data that {option} names ({folder})", "give another place");
        }
    }

    /// <summary>
    /// The folder of a data file, without the partition folders at its end; with the <c>/</c> that
    /// ends it.
    /// </summary>
    private static string TableFolder(string file)
    {
        var folder = file[..file.LastIndexOf('/')];
        while (folder.LastIndexOf('/') is > 0 and var slash && folder.IndexOf('=', slash) > slash + 1)
            folder = folder[..slash];
        return folder + "/";
    }
}
