using Xunit.Abstractions;
using Xunit.Sdk;

namespace IdExtractor.Pipeline.Tests;

/// <summary>
/// A test method that runs once per suite of a group, with the suite's name as its argument.
/// A suite whose needs are missing is skipped with the reason.
/// </summary>
/// <param name="group">The group, see <see cref="Suite.Group"/>.</param>
/// <param name="share">Which of the shares into which the group is dealt, from 0.</param>
/// <param name="shares">How many there are.</param>
[XunitTestCaseDiscoverer("IdExtractor.Pipeline.Tests.SuiteDiscoverer", "IdExtractor.Pipeline.Tests")]
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SuiteFactAttribute(string group, int share = 0, int shares = 1) : FactAttribute
{
    /// <summary>The group.</summary>
    public string Group { get; } = group;

    /// <summary>The share.</summary>
    public int Share { get; } = share;

    /// <summary>The number of shares.</summary>
    public int Shares { get; } = shares;
}

/// <summary>Makes a test case of each suite.</summary>
public sealed class SuiteDiscoverer(IMessageSink sink) : IXunitTestCaseDiscoverer
{
    /// <inheritdoc/>
    public IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        var wanted = factAttribute.GetConstructorArguments().ToList();
        var (group, share, shares) = ((string)wanted[0], (int)wanted[1], (int)wanted[2]);
        var display = discoveryOptions.MethodDisplayOrDefault();
        var options = discoveryOptions.MethodDisplayOptionsOrDefault();
        foreach (var suite in Suite.Deal(group, shares)[share])
        {
            object[] arguments = [suite.Name];
            yield return Python.SkipReason(suite.Needs) is { } reason
                ? new XunitSkippedDataRowTestCase(sink, display, options, testMethod, reason, arguments)
                : new XunitTestCase(sink, display, options, testMethod, arguments);
        }
    }
}
