namespace IdExtractor.Pipeline.Tests;

/// <summary>What is found below <c>pipeline/tests</c>.</summary>
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
