using Xunit.Abstractions;
using Xunit.Sdk;

namespace IdExtractor.Pipeline.Tests;

/// <summary>
/// A test method that runs once per suite of a group, with the suite's name as its argument.
/// A suite whose needs are missing is skipped with the reason.
/// </summary>
/// <param name="group">The group, see <see cref="Suite.Group"/>.</param>
[XunitTestCaseDiscoverer("IdExtractor.Pipeline.Tests.SuiteDiscoverer", "IdExtractor.Pipeline.Tests")]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SuiteFactAttribute(string group) : FactAttribute
{
    /// <summary>The group.</summary>
    public string Group { get; } = group;
}

/// <summary>Makes a test case of each suite.</summary>
public sealed class SuiteDiscoverer(IMessageSink sink) : IXunitTestCaseDiscoverer
{
    /// <inheritdoc/>
    public IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        var group = (string)factAttribute.GetConstructorArguments().Single();
        var display = discoveryOptions.MethodDisplayOrDefault();
        var options = discoveryOptions.MethodDisplayOptionsOrDefault();
        foreach (var suite in Suite.FindAll().Where(suite => suite.Group == group))
        {
            object[] arguments = [suite.Name];
            yield return Python.SkipReason(suite.Needs) is { } reason
                ? new XunitSkippedDataRowTestCase(sink, display, options, testMethod, reason, arguments)
                : new XunitTestCase(sink, display, options, testMethod, arguments);
        }
    }
}
