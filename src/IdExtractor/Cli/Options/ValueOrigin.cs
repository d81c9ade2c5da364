namespace IdExtractor.Cli.Options;

/// <summary>Where a value came from.</summary>
/// <param name="Kind">For the report: <c>command line</c>, <c>environment</c>,
/// <c>config</c>.</param>
/// <param name="Place">For messages.</param>
internal sealed record ValueOrigin(string Kind, string Place)
{
    /// <summary>Typed.</summary>
    public static ValueOrigin CommandLine { get; } = new("command line", "command line");

    /// <summary>From an environment variable.</summary>
    public static ValueOrigin Environment(string variable) => new("environment", $"environment variable {variable}");

    /// <summary>From a config file.</summary>
    public static ValueOrigin Config(string path, string entry) => new("config", $"entry \"{entry}\" of config file {path}");
}

/// <summary>A value as it was given.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Origin">Where it came from.</param>
internal sealed record GivenValue(string Text, ValueOrigin Origin);
