using System.Text.RegularExpressions;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Testing;
using Xunit;

namespace IdExtractor.Parquet.Tests.Kernels;

/// <summary>Checks the comments of kernels against the registry and the benchmarks.</summary>
public sealed partial class KernelHeaderTests
{
    private static readonly string[] s_parts = ["Preconditions:", "Over-read:", "Aliasing:", "Benchmark:"];

    public static TheoryData<string> Kernels => [.. KernelRegistry.All.Select(kernel => kernel.Name)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Header_OfEveryKernel_StatesWhatCallersMustKnowAndItsBenchmark(string kernel)
    {
        var header = Assert.Single(Headers().Where(header => header.Kernel == kernel).ToList()).Text;
        Assert.All(s_parts, part => Assert.Contains(part, header, StringComparison.Ordinal));
        var named = Benchmark()
            .Matches(header[header.IndexOf("Benchmark:", StringComparison.Ordinal)..])
            .Select(match => match.Groups[1].Value)
            .ToList();

        // Runs all kernels, by the same cases as the tests.
        Assert.Contains("KernelBenchmarks", named);
        Assert.All(
            named,
            name => Assert.True(
                File.Exists(Path.Combine(SourceTree.Root, "bench/IdExtractor.Bench/Kernels", name + ".cs")),
                $"there is no benchmark {name}"));
    }

    [Fact]
    public void Headers_AreOfKernelsThatTheRegistryHas() =>
        Assert.All(Headers(), header => Assert.Contains(KernelRegistry.All, kernel => kernel.Name == header.Kernel));

    /// <summary>
    /// The text after the name of each kernel in a comment, up to the next name or the end of the
    /// comment.
    /// </summary>
    private static IEnumerable<(string Kernel, string Text)> Headers() =>
        from path in Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "src"), "*.cs", SearchOption.AllDirectories)
        from System.Text.RegularExpressions.Match remark in Remark().Matches(File.ReadAllText(path))
        from part in KernelName().Split(remark.Value).Skip(1).Chunk(2)
        select (part[0], part[1]);

    [GeneratedRegex(@"<remarks>.*?</remarks>", RegexOptions.Singleline)]
    private static partial Regex Remark();

    [GeneratedRegex(@"Kernel <c>([\w-]+)</c>\.")]
    private static partial Regex KernelName();

    [GeneratedRegex(@"<c>(\w+Benchmarks)</c>")]
    private static partial Regex Benchmark();
}
