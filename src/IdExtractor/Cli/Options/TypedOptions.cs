using System.CommandLine;
using System.CommandLine.Parsing;
using IdExtractor.Cli.Commands;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Cli.Options;

/// <summary>What follows the command on the command line.</summary>
/// <param name="Texts">The options that were typed, with their values.</param>
/// <param name="Help">The help that was asked for.</param>
internal sealed record TypedOptions(IReadOnlyDictionary<OptionDefinition, GivenValue> Texts, HelpForm Help)
{
    private static readonly (string Typed, OptionDefinition Option, string Value)[] s_shortForms =
    [
        ("-q", OptionTable.Quiet, "true"),
        ("-v", OptionTable.LogLevel, "info"),
        ("-vv", OptionTable.LogLevel, "debug"),
    ];

    /// <summary>Reads the words after the command's name.</summary>
    /// <exception cref="UsageException">An unknown option, one without its value, one that comes
    /// twice, or a word too many.</exception>
    public static TypedOptions Read(CommandDefinition command, IReadOnlyList<string> words)
    {
        var definitions = OptionTable.Of(command.Set).ToArray();
        var parser = new Command(command.Name);
        var options = Array.ConvertAll(
            definitions, definition => new Option<string>(definition.Dashed) { Arity = ArgumentArity.ZeroOrOne });
        foreach (var option in options)
            parser.Options.Add(option);
        var help = new Option<string>("--help") { Arity = ArgumentArity.Zero };
        var shortHelp = new Option<string>("-h") { Arity = ArgumentArity.Zero };
        parser.Options.Add(help);
        parser.Options.Add(shortHelp);
        var shorts = Array.ConvertAll(s_shortForms, form => new Option<string>(form.Typed) { Arity = ArgumentArity.Zero });
        Array.ForEach(shorts, parser.Options.Add);

        var parsed = parser.Parse(words, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        var texts = new Dictionary<OptionDefinition, GivenValue>();
        if (parsed.GetResult(help) is not null)
            return new TypedOptions(texts, HelpForm.Long);
        if (parsed.GetResult(shortHelp) is not null)
            return new TypedOptions(texts, HelpForm.Short);

        for (var i = 0; i < options.Length; i++)
        {
            if (parsed.GetResult(options[i]) is { } result)
                texts.Add(definitions[i], new GivenValue(TextOf(command, definitions, i, result, words), ValueOrigin.CommandLine));
        }

        for (var i = 0; i < shorts.Length; i++)
        {
            var (typed, option, value) = s_shortForms[i];
            var meaning = option.IsFlag ? option.Dashed : $"{option.Dashed} {value}";
            if (parsed.GetResult(shorts[i]) is not null && !texts.TryAdd(option, new GivenValue(value, ValueOrigin.CommandLine)))
                throw new UsageException($"{typed} means {meaning}, which is given too", "give one of the two");
        }

        if (parsed.UnmatchedTokens.Count > 0)
            throw Unknown(command, definitions, parsed.UnmatchedTokens[0]);
        if (parsed.Errors.Count > 0)
            throw new UsageException(parsed.Errors[0].Message, command.SeeHelp);
        return new TypedOptions(texts, HelpForm.None);
    }

    private static string TextOf(
        CommandDefinition command, OptionDefinition[] definitions, int index, OptionResult result, IReadOnlyList<string> words)
    {
        var definition = definitions[index];
        if (result.IdentifierTokenCount > 1)
            throw new UsageException($"{definition.Dashed} is given {result.IdentifierTokenCount} times", "give it once");
        if (result.Tokens.Count == 0)
            return definition.IsFlag
                ? "true"
                : throw new UsageException($"{definition.Dashed} has no value; it takes {definition.Form.Takes}");
        var text = result.Tokens[0].Value;
        // A known option is never taken for a value, so that what follows a flag is an unknown one.
        if (text.StartsWith("--", StringComparison.Ordinal) && words.Contains(text))
            throw definition.IsFlag
                ? Unknown(command, definitions, text)
                : new UsageException($"{definition.Dashed} takes {definition.Form.Takes}, but the option {Quoted.Of(text)} follows");
        return text;
    }

    private static UsageException Unknown(CommandDefinition command, OptionDefinition[] definitions, string word)
    {
        if (!word.StartsWith('-'))
            return new UsageException($"{Quoted.Of(word)} is not expected here: {command.Name} takes options only", command.SeeHelp);
        var name = word.Split('=', ':')[0];
        var elsewhere = OptionTable.All.FirstOrDefault(option => option.Dashed == name);
        if (elsewhere is not null)
            return new UsageException(
                $"{name} is not an option of {command.Name}, but of {CommandTable.NamesOf(elsewhere.Commands)}", command.SeeHelp);
        var meant = Spelling.Nearest(name, definitions.Select(definition => definition.Dashed).Append("--help"));
        return new UsageException(
            $"{Quoted.Of(name)} is not an option of {command.Name}", meant is null ? command.SeeHelp : $"did you mean {meant}?");
    }
}
