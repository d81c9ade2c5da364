using IdExtractor.Cli.Options;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Cli.Commands;

/// <summary>A command: its help, and how its options become work.</summary>
internal sealed record CommandDefinition
{
    /// <summary>As typed.</summary>
    public required string Name { get; init; }

    /// <summary>Its place in sets of commands.</summary>
    public required CommandSet Set { get; init; }

    /// <summary>What it does, as a sentence without a full stop.</summary>
    public required string Summary { get; init; }

    /// <summary>A few whole command lines.</summary>
    public required IReadOnlyList<string> Examples { get; init; }

    /// <summary>Validates the options and turns them into settings and work.</summary>
    /// <exception cref="UsageException">Options contradict each other.</exception>
    public required Func<OptionValues, BoundCommand> Bind { get; init; }

    /// <summary>Where to read more, as advice in messages.</summary>
    public string SeeHelp => $"see idextractor {Name} --help";
}
