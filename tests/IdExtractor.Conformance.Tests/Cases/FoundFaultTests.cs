using System.Text.Json;
using IdExtractor.Testing.Programs;

namespace IdExtractor.Conformance.Tests.Cases;

/// <summary>
/// Every fault that was found, kind by kind, by the script of the folder that holds them. The small
/// set in the repository proves the same kinds without it. Some kinds wait for deadlines most of
/// the time: the kinds are dealt out to classes, which run at the same time.
/// </summary>
public abstract class FoundFaultTests
{
    private const int Shares = 3;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(15);

    /// <summary>Every third kind.</summary>
    /// <param name="share">0, 1 or 2.</param>
    protected static TheoryData<string> KindsOf(int share)
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
        var dealt = kinds.Where((_, index) => index % Shares == share).ToList();
        return dealt.Count > 0 ? [.. dealt] : ["none"];
    }

    /// <summary>Runs the cases of a kind.</summary>
    protected static async Task ExpectNoneAsync(string kind)
    {
        var emulator = Path.Combine(RepositoryRoot.Path, "tests", "IdExtractor.Aws.Tests", "Emulator", "emulator.py");
        var end = await ChildProcess.RunAsync(
            "python3", ["check.py", "--only", kind, "--emulator", emulator, "--", .. TestedProgram.Command("idextractor")], s_limit,
            TestInput.Cases.Path());
        Assert.True(end.ExitCode == 0, end.Said);
        Assert.Matches(@"(?m)^[1-9]\d* passed, 0 failed|skipped", end.Output);
    }
}

/// <summary>The first share.</summary>
public sealed class FirstFoundFaultTests : FoundFaultTests
{
    public static TheoryData<string> Kinds => KindsOf(0);

    [FoundFaultTheory]
    [MemberData(nameof(Kinds))]
    public Task Program_FaultsOfAKind_AreNotThereAnyMore(string kind) => ExpectNoneAsync(kind);
}

/// <summary>The second share.</summary>
public sealed class SecondFoundFaultTests : FoundFaultTests
{
    public static TheoryData<string> Kinds => KindsOf(1);

    [FoundFaultTheory]
    [MemberData(nameof(Kinds))]
    public Task Program_FaultsOfAKind_AreNotThereAnyMore(string kind) => ExpectNoneAsync(kind);
}

/// <summary>The third share.</summary>
public sealed class ThirdFoundFaultTests : FoundFaultTests
{
    public static TheoryData<string> Kinds => KindsOf(2);

    [FoundFaultTheory]
    [MemberData(nameof(Kinds))]
    public Task Program_FaultsOfAKind_AreNotThereAnyMore(string kind) => ExpectNoneAsync(kind);
}

/// <summary>A theory that needs the folder of found faults.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FoundFaultTheoryAttribute : TheoryAttribute
{
    public FoundFaultTheoryAttribute() => Skip = TestInput.Cases.SkipReason;
}
