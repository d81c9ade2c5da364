using System.Text.RegularExpressions;
using IdExtractor.Core.Tests.Support;
using Xunit;

namespace IdExtractor.Core.Tests.Architecture;

/// <summary>Holds the rule of ARCHITECTURE.md by reading the using lines: who may use whom, left by right.</summary>
public sealed partial class WhoMayUseWhomTests
{
    private static readonly string[] s_base = ["Primitives", "Errors"];

    /// <summary>Steps whose types another step is built from. Everything else goes through the records of Pipeline.</summary>
    private static readonly (string Step, string[] Uses)[] s_allowed =
    [
        ("Plan", ["Catalog", "Read"]),
        ("Match", ["Plan", "Read"]),
        ("Scan", ["Read", "Match", "Collect"]),
    ];

    [Fact]
    public void CoreFolders_UseOnlyWhatStandsLeftOfThem()
    {
        var violations = new List<string>();
        foreach (var file in SourcesOf("src/IdExtractor.Core"))
        {
            var folder = file.Folder;
            violations.AddRange(file.Uses.Where(used => used != folder && !MayUse(folder, used)).Select(used => $"{file.Path} uses {used}"));
        }

        Assert.Empty(violations);
    }

    [Fact]
    public void Parquet_KnowsNeitherStorageNorTasks()
    {
        foreach (var file in SourcesOf("src/IdExtractor.Core").Where(file => file.Folder == "Parquet"))
        {
            Assert.DoesNotContain("System.Threading.Tasks", file.Text, StringComparison.Ordinal);
            Assert.DoesNotMatch(AsyncWord(), file.Text);
        }
    }

    [Fact]
    public void Core_KnowsNeitherConsoleNorAws()
    {
        foreach (var file in SourcesOf("src/IdExtractor.Core"))
        {
            Assert.DoesNotContain("using Amazon", file.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("Console.", file.Text, StringComparison.Ordinal);
        }
    }

    private static bool MayUse(string folder, string used)
    {
        if (s_base.Contains(used))
            return true;
        if (s_base.Contains(folder))
            return false;
        return folder switch
        {
            "Parquet" => false,
            "Storage" => false,
            "Pipeline" => true,
            _ => used is "Parquet" or "Storage" or "Pipeline"
                || s_allowed.Any(pair => pair.Step == folder && pair.Uses.Contains(used)),
        };
    }

    private static List<SourceFile> SourcesOf(string project)
    {
        var root = Path.Combine(SourceTree.Root, project);
        var files = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Select(path => new SourceFile(Path.GetRelativePath(root, path), File.ReadAllText(path)))
            .ToList();
        Assert.NotEmpty(files);
        return files;
    }

    [GeneratedRegex(@"\b(async|await|Task|ValueTask)\b")]
    private static partial Regex AsyncWord();

    private sealed partial record SourceFile(string Path, string Text)
    {
        public string Folder => Path.Split(System.IO.Path.DirectorySeparatorChar)[0];

        public IEnumerable<string> Uses => UsingLine().Matches(Text).Select(match => match.Groups[1].Value).Distinct();

        [GeneratedRegex(@"^using (?:static )?IdExtractor\.Core\.(\w+)", RegexOptions.Multiline)]
        private static partial Regex UsingLine();
    }
}
