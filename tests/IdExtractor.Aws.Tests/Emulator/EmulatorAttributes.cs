namespace IdExtractor.Aws.Tests.Emulator;

/// <summary>
/// A fact that needs the emulator: skipped with the reason where it cannot run, unless it must.
/// </summary>
internal sealed class EmulatorFactAttribute : FactAttribute
{
    public EmulatorFactAttribute() => Skip = Python.SkipReason;
}

/// <summary>
/// A theory that needs the emulator: skipped with the reason where it cannot run, unless it must.
/// </summary>
internal sealed class EmulatorTheoryAttribute : TheoryAttribute
{
    public EmulatorTheoryAttribute() => Skip = Python.SkipReason;
}
