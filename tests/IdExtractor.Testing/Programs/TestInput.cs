namespace IdExtractor.Testing.Programs;

/// <summary>
/// A folder of test input that lives outside the repository. Where it is missing, tests that need
/// it are skipped with a reason. Where <c>CI</c> is <c>true</c> they run and fail.
/// </summary>
internal sealed class TestInput
{
    private readonly string _variable;
    private readonly string _folder;

    private TestInput(string variable, string marker, params string[] besideRepository)
    {
        _variable = variable;
        _folder = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named
            ? System.IO.Path.GetFullPath(named)
            : System.IO.Path.Combine([RepositoryRoot.Path, "..", .. besideRepository]);
        IsPresent = File.Exists(System.IO.Path.Combine(_folder, marker));
    }

    /// <summary>Parquet files that other writers made, with the values that they hold.</summary>
    public static TestInput Conformance { get; } = new("IDEXTRACTOR_CONFORMANCE", "manifest.json", "shared", "conformance");

    /// <summary>Whole jobs with what must come out.</summary>
    public static TestInput Jobs { get; } = new("IDEXTRACTOR_JOBS", "cases.json", "shared", "jobs", "dev");

    /// <summary>
    /// Faults that were found, as small jobs with what must come out, and the script that runs
    /// them.
    /// </summary>
    public static TestInput Cases { get; } = new("IDEXTRACTOR_CASES", "check.py", "shared", "cases");

    /// <summary>True where tests fail instead of being skipped.</summary>
    public static bool IsMandatory => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>The folder holds what it should.</summary>
    public bool IsPresent { get; }

    /// <summary>Why tests that need this cannot run; null when they can, or must.</summary>
    public string? SkipReason =>
        IsPresent || IsMandatory ? null : $"{_variable} names no such folder, and there is none beside the repository";

    /// <summary>A file or folder in it.</summary>
    /// <exception cref="InvalidOperationException">It is missing.</exception>
    public string Path(params string[] parts) => IsPresent
        ? System.IO.Path.GetFullPath(System.IO.Path.Combine([_folder, .. parts]))
        : throw new InvalidOperationException($"The test input is missing, and CI wants it: set {_variable}.");
}
