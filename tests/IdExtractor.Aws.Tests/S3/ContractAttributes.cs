using IdExtractor.Aws.Tests.Emulator;

// In the contract's own namespace, so that they replace xunit's there: every fact of the contract
// needs the emulator here.
namespace IdExtractor.Testing.Contract;

/// <summary>
/// A fact of the contract: skipped with the reason where the emulator cannot run, unless it must.
/// </summary>
internal sealed class FactAttribute : Xunit.FactAttribute
{
    public FactAttribute() => Skip = Python.SkipReason;
}

/// <summary>
/// A theory of the contract: skipped with the reason where the emulator cannot run, unless it must.
/// </summary>
internal sealed class TheoryAttribute : Xunit.TheoryAttribute
{
    public TheoryAttribute() => Skip = Python.SkipReason;
}
