using Xunit.Abstractions;

namespace IdExtractor.Pipeline.Tests;

/// <summary>
/// The Python suites of the pipeline, each as a test that fails with the suite's output.
/// xunit runs the classes of an assembly concurrently and the tests of a class one after the other:
/// at most one suite of each class is at work, beside the tests of other assemblies.
/// </summary>
public abstract class SuiteTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(40);

    /// <summary>Runs a suite, and fails with its output if it fails.</summary>
    /// <param name="name">The suite's name.</param>
    protected async Task RunAsync(string name)
    {
        var end = await Python.RunAsync(Suite.FindAll().Single(suite => suite.Name == name), s_limit);
        output.WriteLine(end.Said);
        Assert.True(end.ExitCode == 0, $"pipeline/tests/{name} ended with {end.ExitCode}:\n{FailuresIn(end.Said)}");
        // A suite that runs nothing shows nothing.
        Assert.DoesNotContain("Ran 0 tests", end.Said, StringComparison.Ordinal);
    }

    // unittest rules a line before each failure, after everything that the tests wrote. A suite
    // that ended without them is shown whole.
    private static string FailuresIn(string said) =>
        said[Math.Max(0, said.IndexOf("\n======", StringComparison.Ordinal))..].TrimStart();
}

/// <summary>
/// Suites of parts: unit tests of the functions, the step, the tools and the state machine's
/// definition, and tests of Terraform modules. The first of four shares.
/// </summary>
public sealed class FirstPartSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    [SuiteFact("parts", 0, 4)]
    public Task Suite_Runs_Passes(string suite) => RunAsync(suite);
}

/// <summary>The second share.</summary>
public sealed class SecondPartSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    [SuiteFact("parts", 1, 4)]
    public Task Suite_Runs_Passes(string suite) => RunAsync(suite);
}

/// <summary>The third share.</summary>
public sealed class ThirdPartSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    [SuiteFact("parts", 2, 4)]
    public Task Suite_Runs_Passes(string suite) => RunAsync(suite);
}

/// <summary>The fourth share.</summary>
public sealed class FourthPartSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    [SuiteFact("parts", 3, 4)]
    public Task Suite_Runs_Passes(string suite) => RunAsync(suite);
}

/// <summary>
/// Suites of several parts together: the emulator, planted defects on it, environments as planned.
/// </summary>
public sealed class IntegrationSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    [SuiteFact("integration")]
    public Task Suite_Runs_Passes(string suite) => RunAsync(suite);
}

/// <summary>Suites on the applied environment.</summary>
public sealed class StackSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    [SuiteFact("stack")]
    public Task Suite_Runs_Passes(string suite) => RunAsync(suite);
}

/// <summary>Suites of the Spark jobs.</summary>
public sealed class JobSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    [SuiteFact("jobs")]
    public Task Suite_Runs_Passes(string suite) => RunAsync(suite);
}
