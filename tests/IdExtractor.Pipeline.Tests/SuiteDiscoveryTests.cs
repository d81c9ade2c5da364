namespace IdExtractor.Pipeline.Tests;

/// <summary>The suites that are found below <c>pipeline/tests</c>.</summary>
public sealed class SuiteDiscoveryTests
{
    [Fact]
    public void FindAll_Always_ReturnsEachFileOnceAndSharedFoldersAsOne()
    {
        var names = Suite.FindAll().Select(suite => suite.Name).ToList();

        Assert.Contains("test_package.py", names);
        Assert.Contains("stack", names);
        Assert.DoesNotContain(names, name => name.StartsWith("stack/", StringComparison.Ordinal));
        Assert.DoesNotContain(names, name => name.Contains("node_modules", StringComparison.Ordinal));
        Assert.Equal(names.Distinct().Count(), names.Count);
    }

    /// <summary>A suite that belongs to no class would never run.</summary>
    [Fact]
    public void Classes_OfAllGroups_DealOutEverySuiteOnce()
    {
        var facts = typeof(SuiteTests).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(SuiteTests)))
            .Select(type => type.GetMethod("Suite_Runs_Passes")!.GetCustomAttributes(false).OfType<SuiteFactAttribute>().Single())
            .ToList();

        Assert.All(facts.GroupBy(fact => fact.Group), group =>
            Assert.Equal(Enumerable.Range(0, group.First().Shares), group.Select(fact => fact.Share).Order()));
        Assert.Equal(Suite.FindAll().Select(suite => suite.Group).Distinct().Order(StringComparer.Ordinal),
            facts.Select(fact => fact.Group).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Deal_OfAGroup_SeparatesTheLongestSuites()
    {
        var parts = Suite.FindAll().Where(suite => suite.Group == "parts").ToList();
        var shares = Suite.Deal("parts", 4);

        Assert.Equal(parts.Select(suite => suite.Name).Order(), shares.SelectMany(share => share).Select(suite => suite.Name).Order());
        var longest = parts.OrderByDescending(suite => suite.Seconds).Take(4).Select(suite => suite.Name).ToList();
        Assert.All(shares, share => Assert.Single(share, suite => longest.Contains(suite.Name)));
        Assert.All(shares, share => Assert.InRange(share.Sum(suite => suite.Seconds), 15, 45));
    }

    [Theory]
    [InlineData("test_orchestrator.py", "parts")]
    [InlineData("test_terraform_modules.py", "parts")]
    [InlineData("integration/test_plans.py", "integration")]
    [InlineData("stack", "stack")]
    [InlineData("jobs", "jobs")]
    public void Group_OfASuite_IsItsTier(string name, string group) =>
        Assert.Equal(group, Suite.FindAll().Single(suite => suite.Name == name).Group);

    [Fact]
    public void Needs_OfASharedFolder_AreThoseOfItsFiles()
    {
        var stack = Suite.FindAll().Single(suite => suite.Name == "stack");

        Assert.Contains("moto", stack.Needs);
        Assert.Contains("terraform", stack.Needs);
        Assert.Empty(Suite.FindAll().Single(suite => suite.Name == "test_package.py").Needs);
    }

    [Fact]
    public void Command_OfASharedFolder_RunsAllItsFilesInOneProcess()
    {
        var command = Suite.FindAll().Single(suite => suite.Name == "stack").Command().ToList();

        Assert.Equal(["-m", "unittest", "discover"], command[..3]);
        Assert.Equal(Path.Combine(Suite.Folder, "stack"), command[4]);
        Assert.Equal(Suite.Folder, command[6]);
        Assert.Equal("test_*.py", command[^1]);
    }
}
