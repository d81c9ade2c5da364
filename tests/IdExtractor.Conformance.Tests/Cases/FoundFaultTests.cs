using System.Text.Json;
using IdExtractor.Testing.Programs;

namespace IdExtractor.Conformance.Tests.Cases;

/// <summary>Every fault that was found, kind by kind, by the script of the folder that holds them. The small set in the repository proves the same kinds without it.</summary>
public sealed class FoundFaultTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(15);

    public static TheoryData<string> Kinds
    {
        get
        {
            var kinds = new SortedSet<string>(StringComparer.Ordinal);
            if (TestInput.Cases.IsPresent)
            {
                foreach (var file in Directory.EnumerateFiles(TestInput.Cases.Path(), "case.json", SearchOption.AllDirectories))
                {
                    using var description = JsonDocument.Parse(File.ReadAllBytes(file));
                    kinds.Add(description.RootElement.GetProperty("kind").GetString()!);
                }
            }

            // A theory without data is an error; the attribute skips this one.
            return kinds.Count > 0 ? [.. kinds] : ["none"];
        }
    }

    [FoundFaultTheory]
    [MemberData(nameof(Kinds))]
    public async Task Program_FaultsOfAKind_AreNotThereAnyMore(string kind)
    {
        var emulator = Path.Combine(RepositoryRoot.Path, "tests", "IdExtractor.Aws.Tests", "Emulator", "emulator.py");
        var end = await ChildProcess.RunAsync("python3", ["check.py", "--only", kind, "--emulator", emulator, "--", .. TestedProgram.Command("idextractor")], s_limit, TestInput.Cases.Path());
        Assert.True(end.ExitCode == 0, end.Said);
        Assert.Matches(@"(?m)^[1-9]\d* passed, 0 failed|skipped", end.Output);
    }
}

/// <summary>A theory that needs the folder of found faults.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FoundFaultTheoryAttribute : TheoryAttribute
{
    public FoundFaultTheoryAttribute() => Skip = TestInput.Cases.SkipReason;
}
