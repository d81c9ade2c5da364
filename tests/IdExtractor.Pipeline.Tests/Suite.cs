using System.Globalization;
using System.Text.RegularExpressions;
using IdExtractor.Testing.Programs;

namespace IdExtractor.Pipeline.Tests;

/// <summary>
/// A suite of Python tests below <c>pipeline/tests</c>: each file <c>test_*.py</c> is one. A folder
/// whose <c>__init__.py</c> has the line <c># suite: folder</c> is one suite as a whole, because
/// its files share what one process makes.
/// </summary>
/// <param name="Name">Its path below <c>pipeline/tests</c>, as <c>test_package.py</c>, <c>stack</c>
/// or <c>jobs/test_silver.py</c>.</param>
/// <param name="Needs">What its lines <c># needs: moto, terraform</c> name.</param>
/// <param name="Seconds">About how long it takes, by its lines <c># seconds: 30</c>; 1 without
/// one.</param>
internal sealed partial record Suite(string Name, IReadOnlyList<string> Needs, int Seconds)
{
    /// <summary>The folder of all suites.</summary>
    public static string Folder { get; } = Path.Combine(RepositoryRoot.Path, "pipeline", "tests");

    /// <summary>
    /// The group whose classes run it: <c>parts</c> (unit tests and tests of Terraform modules),
    /// <c>integration</c>, <c>stack</c> or <c>jobs</c>.
    /// </summary>
    public string Group => this switch
    {
        _ when Needs.Contains("spark") => "jobs",
        { IsFolder: true } => "stack",
        _ when Name.StartsWith("integration/", StringComparison.Ordinal) => "integration",
        _ => "parts",
    };

    private bool IsFolder => !Name.EndsWith(".py", StringComparison.Ordinal);

    /// <summary>All suites, by name.</summary>
    public static IReadOnlyList<Suite> FindAll()
    {
        var files = Directory.EnumerateFiles(Folder, "test_*.py", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'))
            .Where(file => !file.Contains("node_modules/", StringComparison.Ordinal));
        var suites = files.GroupBy(NameOf, StringComparer.Ordinal).Select(group => new Suite(group.Key, NeedsOf(group), SecondsOf(group)));
        return [.. suites.OrderBy(suite => suite.Name, StringComparer.Ordinal)];
    }

    /// <summary>
    /// The suites of a group, dealt out so that each share takes about as long as the others: the
    /// longest first, always to the share that has least to do.
    /// </summary>
    /// <param name="group">The group.</param>
    /// <param name="shares">How many shares, 1 or more.</param>
    public static IReadOnlyList<IReadOnlyList<Suite>> Deal(string group, int shares)
    {
        var dealt = Enumerable.Range(0, shares).Select(_ => new List<Suite>()).ToList();
        foreach (var suite in FindAll().Where(suite => suite.Group == group).OrderByDescending(suite => suite.Seconds))
            dealt.MinBy(share => share.Sum(other => other.Seconds))!.Add(suite);
        return dealt;
    }

    /// <summary>The words after <c>python3</c> that run it, in the repository's root.</summary>
    public IEnumerable<string> Command()
    {
        var folder = IsFolder ? Name : Path.GetDirectoryName(Name)!;
        var start = Path.Combine(Folder, folder);
        // Modules of a package have its name; files in other folders are found by themselves.
        var top = IsPackage(folder) ? Folder : start;
        return ["-m", "unittest", "discover", "-s", start, "-t", top, "-p", IsFolder ? "test_*.py" : Path.GetFileName(Name)];
    }

    private static string NameOf(string file)
    {
        for (var folder = Path.GetDirectoryName(file); !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
        {
            var mark = Path.Combine(Folder, folder, "__init__.py");
            if (File.Exists(mark) && File.ReadLines(mark).Contains("# suite: folder"))
                return folder.Replace('\\', '/');
        }

        return file;
    }

    private static bool IsPackage(string folder)
    {
        for (; !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder)!)
        {
            if (!File.Exists(Path.Combine(Folder, folder, "__init__.py")))
                return false;
        }

        return true;
    }

    private static string[] NeedsOf(IEnumerable<string> files)
    {
        var named = files.SelectMany(file => NeedsLine().Matches(File.ReadAllText(Path.Combine(Folder, file))))
            .SelectMany(line => line.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return [.. named.Where(need => need != "nothing").Distinct().Order(StringComparer.Ordinal)];
    }

    private static int SecondsOf(IEnumerable<string> files)
    {
        var named = files.SelectMany(file => SecondsLine().Matches(File.ReadAllText(Path.Combine(Folder, file))));
        return Math.Max(1, named.Sum(line => int.Parse(line.Groups[1].ValueSpan, CultureInfo.InvariantCulture)));
    }

    [GeneratedRegex(@"^# seconds: *(\d{1,4}) *$", RegexOptions.Multiline)]
    private static partial Regex SecondsLine();

    [GeneratedRegex(@"^# needs: *(.*?) *$", RegexOptions.Multiline)]
    private static partial Regex NeedsLine();
}
