using Xunit;

namespace IdExtractor.Testing.Buffers;

/// <summary>A theory that needs pages which may not be touched.</summary>
internal sealed class GuardPagesTheoryAttribute : TheoryAttribute
{
    public GuardPagesTheoryAttribute() =>
        Skip = OperatingSystem.IsWindows() ? "Guard pages are made by mmap and mprotect, which Windows does not have" : null;
}
