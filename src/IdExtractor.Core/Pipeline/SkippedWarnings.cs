using System.Globalization;
using IdExtractor.Core.Job;

namespace IdExtractor.Core.Pipeline;

/// <summary>
/// What a run warns of when it skips partitions, files or folders: once for each reason, the first
/// few by name, and a count.
/// </summary>
internal static class SkippedWarnings
{
    /// <summary>More items of one reason are only counted.</summary>
    public const int MostNamed = 5;

    /// <summary>The sentences, without a full stop.</summary>
    /// <param name="table">
    /// The table or folder. Names of what is in it are shown relative to it.
    /// </param>
    /// <param name="skipped">What was skipped. Hidden names and the like cause no warning.</param>
    public static IEnumerable<string> Of(string table, IEnumerable<SkippedItem> skipped)
    {
        foreach (var group in skipped.Where(item => item.IsWarning).GroupBy(item => item.Reason, StringComparer.Ordinal))
        {
            var names = group.Select(item => Relative(table, item.Name)).ToArray();
            var first = string.Join(", ", names.Take(MostNamed));
            var named = names.Length > MostNamed
                ? string.Create(CultureInfo.InvariantCulture, $"{first} and {names.Length - MostNamed} more")
                : first;
            yield return string.Create(CultureInfo.InvariantCulture, $"Skipped {names.Length} in {table}: {named}: {group.Key}");
        }
    }

    private static string Relative(string table, string name)
    {
        var root = table.TrimEnd('/') + "/";
        return name.Length > root.Length && name.StartsWith(root, StringComparison.Ordinal) ? name[root.Length..] : name;
    }
}
