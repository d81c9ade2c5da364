using Xunit;

namespace IdExtractor.Testing;

/// <summary>
/// A test of what only Unix systems have: links that anybody may make, named pipes, error numbers.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "not on Windows";
    }
}
