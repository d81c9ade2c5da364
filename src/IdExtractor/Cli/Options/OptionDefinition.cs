namespace IdExtractor.Cli.Options;

/// <summary>The name of an option, the commands that take it, and its help.</summary>
/// <param name="name">Its name without dashes, which is also its name in a config file.</param>
/// <param name="group">The heading that it is listed under.</param>
/// <param name="commands">The commands that take it.</param>
/// <param name="valueName">What the help shows for the value; null for an option that is on or
/// off.</param>
/// <param name="form">How its value is written.</param>
/// <param name="summary">What it does, as a sentence without a full stop.</param>
/// <param name="default">Its default, as the help shows it; null when there is none.</param>
/// <param name="requiredBy">The commands that require it.</param>
internal sealed class OptionDefinition(
    string name, OptionGroup group, CommandSet commands, string? valueName, ValueForm form, string summary, string? @default = null,
    CommandSet requiredBy = CommandSet.None)
{
    /// <summary>What every environment variable of ours starts with.</summary>
    public const string VariablePrefix = "IDEXTRACTOR_";

    public string Name => name;

    public OptionGroup Group => group;

    public string? ValueName => valueName;

    public string Summary => summary;

    public string? Default => @default;

    public CommandSet Commands => commands;

    /// <summary>As typed: <c>--table-a</c>.</summary>
    public string Dashed { get; } = "--" + name;

    /// <summary>Its environment variable: <c>IDEXTRACTOR_TABLE_A</c>.</summary>
    public string Variable => VariablePrefix + name.Replace('-', '_').ToUpperInvariant();

    /// <summary>It is on or off.</summary>
    public bool IsFlag => valueName is null;

    /// <summary>How its value is written.</summary>
    public ValueForm Form => form;

    /// <summary>A command takes it.</summary>
    public bool IsTakenBy(CommandSet command) => (commands & command) != 0;

    /// <summary>A command cannot do without it.</summary>
    public bool IsRequiredBy(CommandSet command) => (requiredBy & command) != 0;
}
