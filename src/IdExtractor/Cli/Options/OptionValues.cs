using IdExtractor.Cli.Commands;
using IdExtractor.Core.Promote;
using IdExtractor.Core.Report;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Cli.Options;

/// <summary>
/// The values of a command's options: the command line takes precedence over the environment, and
/// the environment over the config file.
/// </summary>
internal sealed class OptionValues
{
    private readonly CommandDefinition _command;
    private readonly Dictionary<OptionDefinition, ReadValue> _values = [];

    private OptionValues(CommandDefinition command) => _command = command;

    /// <summary>Gathers and reads them.</summary>
    /// <param name="command">The command.</param>
    /// <param name="typed">What was typed.</param>
    /// <param name="variable">The value of an environment variable; null when it is not
    /// set.</param>
    /// <returns>The values that could be read. <see cref="Problem"/> says what is wrong with the
    /// others.</returns>
    /// <exception cref="UsageException">The config file has an entry that is no
    /// option.</exception>
    /// <exception cref="ConfigurationException">The config file cannot be read.</exception>
    public static OptionValues Gather(CommandDefinition command, TypedOptions typed, Func<string, string?> variable)
    {
        GivenValue? FromEnvironment(OptionDefinition option) =>
            variable(option.Variable) is { Length: > 0 } text ? new GivenValue(text, ValueOrigin.Environment(option.Variable)) : null;

        var values = new OptionValues(command);
        void Add(OptionDefinition option, GivenValue? given)
        {
            try
            {
                values.Add(option, given);
            }
            catch (UsageException problem)
            {
                values.Problem ??= problem;
            }
        }

        var config = values.Add(
            OptionTable.Config, typed.Texts.GetValueOrDefault(OptionTable.Config) ?? FromEnvironment(OptionTable.Config))
            ? ConfigFile.Read(values.Text(OptionTable.Config))
            : null;
        foreach (var option in OptionTable.Of(command.Set))
        {
            if (option != OptionTable.Config)
                Add(
                    option, typed.Texts.GetValueOrDefault(option) ?? FromEnvironment(option) ?? config?.GetValueOrDefault(option.Name));
        }

        values.Problem ??= values.MissingRequired();
        return values;
    }

    /// <summary>The command that they are for.</summary>
    public CommandSet Command => _command.Set;

    /// <summary>
    /// The first value that is not what its option takes, or the required options that are missing;
    /// null when all is well. The command cannot run then, but its report can be written.
    /// </summary>
    public UsageException? Problem { get; private set; }

    /// <summary>
    /// The value of an option, of the type that its form names; null when it was not given.
    /// </summary>
    public object? Find(OptionDefinition option) => _values.TryGetValue(option, out var entry) ? entry.Value : null;

    /// <summary>The value of an option, or what holds without it.</summary>
    public object Get(OptionDefinition option, object fallback) => Find(option) ?? fallback;

    /// <summary>The text of a required option.</summary>
    public string Text(OptionDefinition option) => (string)_values[option].Value;

    /// <summary>The text of an option, or what holds without it.</summary>
    public string Text(OptionDefinition option, string fallback) => (string)Get(option, fallback);

    /// <summary>An option is on, or what holds when it was not given.</summary>
    public bool Flag(OptionDefinition option, bool fallback = false) => (bool)Get(option, fallback);

    /// <summary>The number of an option, or what holds without it.</summary>
    public long Whole(OptionDefinition option, long fallback) => (long)Get(option, fallback);

    /// <summary>The number of an option; null when it was not given.</summary>
    public long? Whole(OptionDefinition option) => Find(option) is long number ? number : null;

    /// <summary>The percentage of an option; null when it was not given.</summary>
    public double? Percent(OptionDefinition option) => Find(option) is double percent ? percent : null;

    /// <summary>The length of time of an option; null when it was not given.</summary>
    public TimeSpan? Time(OptionDefinition option) => Find(option) is TimeSpan time ? time : null;

    /// <summary>It was given.</summary>
    public bool Has(OptionDefinition option) => _values.ContainsKey(option);

    /// <summary>
    /// The option and where its value came from, for messages about options that contradict each
    /// other.
    /// </summary>
    public string Describe(OptionDefinition option) =>
        _values.TryGetValue(option, out var entry) && entry.Given.Origin != ValueOrigin.CommandLine
            ? $"{option.Dashed} ({entry.Given.Origin.Place})"
            : option.Dashed;

    /// <summary>Those of some options that were given, as words for a shell.</summary>
    public IEnumerable<string> WordsOf(IEnumerable<OptionDefinition> options) => options.SelectMany(WordsOf);

    /// <summary>All options of the command with their texts, for the report.</summary>
    public IEnumerable<ReportSetting> ForReport()
    {
        foreach (var option in OptionTable.Of(_command.Set))
        {
            yield return _values.TryGetValue(option, out var entry)
                ? new ReportSetting(
                    option.Name, option.Form.ReportAs is { } shown ? shown(entry.Given.Text) : entry.Given.Text, entry.Given.Origin.Kind)
                {
                    Words = [.. WordsOf(option)],
                    FindsActiveFile = option == OptionTable.ActiveKey
                        || (option.Group == OptionGroup.Aws && option.Commands.HasFlag(CommandSet.Verify)),
                }
                : new ReportSetting(option.Name, option.Default, "default");
        }
    }

    private IEnumerable<string> WordsOf(OptionDefinition option)
    {
        if (!_values.TryGetValue(option, out var entry))
            yield break;
        yield return option.Dashed;
        var text = entry.Given.Text;

        // What may hold a secret is not printed. Its variable holds it, or is missed at once.
        if (option.Form.ReportAs is { } shown && shown(text) != text.TrimEnd('/'))
            yield return $"\"${option.Variable}\"";
        else if (!option.IsFlag || entry.Value is false)
            yield return PromoteCommandLine.Quoted(text);
    }

    private bool Add(OptionDefinition option, GivenValue? given)
    {
        if (given is null)
            return false;
        if (Placeholder.In(given.Text) is { } placeholder)
        {
            throw new UsageException(
                $"{option.Dashed} holds the placeholder {Quoted.Of(placeholder)} of AWS Batch, which was not replaced ({given.Origin.Place})",
                "name the parameter when the job is submitted, or give it a default in the job definition");
        }

        if (given.Text.Contains('\uFFFD', StringComparison.Ordinal))
        {
            throw new UsageException($"The value of {option.Dashed} is not UTF-8 ({given.Origin.Place})",
                "write it in UTF-8; a file or folder whose name is not has to be renamed first");
        }

        var value = option.Form.Read(given.Text) ?? throw Refused(option, given);
        _values.Add(option, new ReadValue(value, given));
        return true;
    }

    private static UsageException Refused(OptionDefinition option, GivenValue given) => new(option.Form.ReportAs is null
        ? $"{option.Dashed} takes {option.Form.Takes}, not {Quoted.Of(given.Text)} ({given.Origin.Place})"
        : $"{option.Dashed} takes {option.Form.Takes}, not what was given ({given.Origin.Place})");

    private UsageException? MissingRequired()
    {
        var missing = OptionTable.Of(_command.Set).Where(option => option.IsRequiredBy(_command.Set) && !Has(option)).ToArray();
        if (missing.Length == 0)
            return null;
        var (names, variable) = (string.Join(", ", missing.Select(option => option.Dashed)), missing[0].Variable);
        return missing.Length == 1
            ? new UsageException(
                $"{names} is required by {_command.Name}",
                $"give it on the command line, in the environment (as {variable}) or in a --config file; {_command.SeeHelp}")
            : new UsageException(
                $"{names} are required by {_command.Name}",
                $"give them on the command line, in the environment (as {variable}) or in a --config file; {_command.SeeHelp}");
    }

    /// <summary>A value, and what it was read from.</summary>
    private sealed record ReadValue(object Value, GivenValue Given);
}
