using IdExtractor.Aws.Tests.Emulator;
using IdExtractor.Testing.Programs;

namespace IdExtractor.Aws.Tests.Jobs;

/// <summary>A theory that needs the set of whole jobs, and the emulator to run them on.</summary>
internal sealed class JobTheoryAttribute : TheoryAttribute
{
    public JobTheoryAttribute() => Skip = TestInput.Jobs.SkipReason ?? Python.SkipReason;
}
