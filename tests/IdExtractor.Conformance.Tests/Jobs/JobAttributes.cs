using IdExtractor.Testing.Programs;

namespace IdExtractor.Conformance.Tests.Jobs;

/// <summary>A theory that needs the set of whole jobs.</summary>
internal sealed class JobTheoryAttribute : TheoryAttribute
{
    public JobTheoryAttribute() => Skip = TestInput.Jobs.SkipReason;
}
