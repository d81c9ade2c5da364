using System.Text.RegularExpressions;
using IdExtractor.Testing;
using Xunit;

namespace IdExtractor.Core.Tests.Architecture;

/// <summary>
/// Checks the order of the folders inside IdExtractor.Core, from the using lines. The order of the
/// projects needs no test: a project sees only what it references.
/// </summary>
public sealed partial class FolderOrderTests
{
    private const string Core = "src/IdExtractor.Core";

    /// <summary>What every folder but these two may use.</summary>
    private static readonly string[] s_bottom = ["Storage", "Job"];

    /// <summary>
    /// Folders that use others than the bottom ones. Pipeline is at the top and may use all.
    /// </summary>
    private static readonly Dictionary<string, string[]> s_uses = new()
    {
        ["Storage"] = [],
        ["Job"] = ["Storage"],
        ["Plan"] = ["Storage", "Job", "Feed"],
        ["Keys"] = ["Storage", "Job", "Feed"],
        ["History"] = ["Storage", "Job", "Promote"],
        ["Report"] = ["Storage", "Job", "History"],
        ["Scan"] = ["Storage", "Job", "Feed", "Keys", "Collect"],
    };

    [Fact]
    public void CoreFolders_UseOnlyFoldersBelowThem()
    {
        var violations = new List<string>();
        foreach (var file in SourcesOf(Core).Where(file => file.Folder != "Pipeline"))
        {
            var allowed = s_uses.GetValueOrDefault(file.Folder, s_bottom);
            violations.AddRange(
                file.Uses.Where(used => used != file.Folder && !allowed.Contains(used)).Select(used => $"{file.Path} uses {used}"));
        }

        Assert.Empty(violations);
    }

    [Fact]
    public void Parquet_StartsNoTasks()
    {
        foreach (var file in SourcesOf("src/IdExtractor.Parquet"))
        {
            Assert.DoesNotContain("System.Threading.Tasks", file.Text, StringComparison.Ordinal);
            Assert.DoesNotMatch(AsyncWord(), file.Text);
        }
    }

    [Fact]
    public void Libraries_WriteToNoConsole()
    {
        foreach (var project in (string[])["src/IdExtractor.Foundation", "src/IdExtractor.Parquet", Core, "src/IdExtractor.Aws"])
        {
            foreach (var file in SourcesOf(project))
                Assert.DoesNotContain("Console.", file.Text, StringComparison.Ordinal);
        }
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
