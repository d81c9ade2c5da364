using IdExtractor.Testing.Programs;

namespace IdExtractor.Conformance.Tests;

/// <summary>A fact that needs the conformance set.</summary>
internal sealed class ConformanceFactAttribute : FactAttribute
{
    public ConformanceFactAttribute() => Skip = TestInput.Conformance.SkipReason;
}

/// <summary>A theory that needs the conformance set.</summary>
internal sealed class ConformanceTheoryAttribute : TheoryAttribute
{
    public ConformanceTheoryAttribute() => Skip = TestInput.Conformance.SkipReason;
}
