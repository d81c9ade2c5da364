using System.Text;
using IdExtractor.Cli.Commands;
using IdExtractor.Cli.Options;
using IdExtractor.Display;
using IdExtractor.Phrases;

namespace IdExtractor.Cli.Help;

/// <summary>What <c>--help</c> and <c>-h</c> print, at the width of the terminal.</summary>
internal static class HelpText
{
    private const int FileWidth = 100;
    private const int LeastWidth = 40;
    private const int MostWidth = 160;
    private const int Indent = 2;

    private static readonly string[] s_clauseEnds = [": ", "; ", ", as ", ". "];

    private static readonly (OptionGroup Group, string Title)[] s_groups =
    [
        (OptionGroup.Input, "Input"),
        (OptionGroup.Matching, "Matching"),
        (OptionGroup.Output, "Output"),
        (OptionGroup.Guards, "Guards"),
        (OptionGroup.Resources, "Resources"),
        (OptionGroup.Telling, "Telling"),
        (OptionGroup.Aws, "AWS"),
    ];

    private static readonly (string Code, string Meaning)[] s_exitCodes =
    [
        ("0", "done"),
        ("1", "a bug"),
        ("2", "usage: an option, environment variable or config entry is wrong"),
        ("3", "configuration or permission: something named does not exist or may not be touched; out of memory"),
        ("4", "a guard said no, or the result is empty"),
        ("5", "verification failed"),
        ("6", "the partition is absent, empty or stale"),
        ("7", "input data or a Parquet file is bad, or takes more than --max-memory"),
        ("75", "temporary failure: run again (the only one worth a retry)"),
        ("130, 143", "cancelled by SIGINT, SIGTERM"),
    ];

    /// <summary>The program and its commands.</summary>
    /// <param name="form">Short or long.</param>
    /// <param name="speech">The language.</param>
    /// <param name="width">Columns; null for those of the terminal.</param>
    public static string Overview(HelpForm form, Speech speech, int? width = null)
    {
        var page = NewPage(width);
        page.Paragraph(
            speech.Of(
                "Publishes the distinct IDs of Table B whose document is a CPF of Table A, as one gzipped text file that readers see whole at every moment"));
        page.Heading(speech.Of("Usage"));
        page.Usage(speech.Of("idextractor COMMAND [options]"));
        page.Heading(speech.Of("Commands"));
        foreach (var command in CommandTable.All)
            page.Entry(
                command.Name, form == HelpForm.Short ? InShort(command.Summary, speech) : speech.Of(command.Summary),
                HelpPage.NarrowColumn);
        page.Heading(speech.Of("More"));
        page.Entry(
            speech.Of("idextractor COMMAND --help"), speech.Of("options of a command, with their defaults; -h has them in short"),
            page.TextColumn);
        page.Entry("idextractor --version", speech.Of("the version, and what the program runs on; -V is one line"), page.TextColumn);
        page.Entry(
            "idextractor completions SHELL", speech.Of("a script that completes commands and options in bash, zsh, fish or powershell"),
            page.TextColumn);
        if (form == HelpForm.Short)
            return page.ToString();
        AddExamples(page, speech, CommandTable.All.Select(command => command.Examples[0]));
        AddSources(page, speech);
        AddExitCodes(page, speech);
        return page.ToString();
    }

    /// <summary>One command.</summary>
    /// <param name="command">Which.</param>
    /// <param name="form">Short or long.</param>
    /// <param name="speech">The language.</param>
    /// <param name="width">Columns; null for those of the terminal.</param>
    public static string Of(CommandDefinition command, HelpForm form, Speech speech, int? width = null)
    {
        var page = NewPage(width);
        page.Paragraph(speech.Of(command.Summary));
        var options = OptionTable.Of(command.Set).ToArray();
        page.Heading(speech.Of("Usage"));
        var usage = new StringBuilder(command.Name);
        foreach (var option in options.Where(option => option.IsRequiredBy(command.Set)))
            usage.Append(' ').Append(option.Dashed).Append(' ').Append(option.ValueName);
        page.Usage(speech.Of($"idextractor {usage} [options]"));
        foreach (var (group, title) in s_groups)
        {
            var members = options.Where(option => option.Group == group).ToArray();
            if (members.Length == 0)
                continue;
            page.Heading(speech.Of(title));
            foreach (var option in members)
                page.Entry(
                    option.IsFlag ? option.Dashed : $"{option.Dashed} {option.ValueName}", Describe(command, option, form, speech),
                    page.TextColumn);
        }

        page.Heading(speech.Of("Help"));
        page.Entry("-h, --help", speech.Of("The options in short, or everything"), page.TextColumn);
        if (form == HelpForm.Short)
            return page.ToString();
        AddExamples(page, speech, command.Examples);
        AddSources(page, speech);
        AddExitCodes(page, speech);
        return page.ToString();
    }

    private static HelpPage NewPage(int? width) =>
        new(width ?? Math.Clamp(Terminal.OutputWidth ?? FileWidth, LeastWidth, MostWidth), Indent, Terminal.OutputIsStyled);

    private static string Describe(CommandDefinition command, OptionDefinition option, HelpForm form, Speech speech)
    {
        var summary = form == HelpForm.Short ? InShort(option.Summary, speech) : speech.Of(option.Summary);
        if (option.IsRequiredBy(command.Set))
            return $"{summary} {speech.Of("[required]")}";
        return form == HelpForm.Short || option.Default is null
            ? summary
            : $"{summary} {HelpPage.Unbroken(speech.Of($"[default: {option.Default}]"))}";
    }

    /// <summary>The first clause of a summary, without what is in parentheses.</summary>
    private static string InShort(string summary, Speech speech)
    {
        var said = speech.Of(summary);
        var text = new StringBuilder(said);
        for (var open = said.LastIndexOf(" (", StringComparison.Ordinal); open > 0; open = said
            .LastIndexOf(" (", open - 1, StringComparison.Ordinal))
            text.Remove(open, said.IndexOf(')', open) + 1 - open);
        var flat = text.ToString();
        var end = s_clauseEnds.Select(mark => flat.IndexOf(speech.Of(mark), StringComparison.Ordinal))
            .Where(at => at > 0)
            .DefaultIfEmpty(flat.Length)
            .Min();
        return flat[..end];
    }

    private static void AddExamples(HelpPage page, Speech speech, IEnumerable<string> examples)
    {
        page.Heading(speech.Of("Examples"));
        foreach (var example in examples)
            page.Command(example);
    }

    private static void AddSources(HelpPage page, Speech speech)
    {
        page.Heading(speech.Of("Environment variables and config files"));
        page.Text(speech.Of(
            $"Every option can come from the environment: {OptionTable.TableA.Dashed} is {OptionTable.TableA.Variable}, and so on. An option that is on or off takes true, false, 1 or 0. An empty variable counts as not set."));
        page.Text(speech.Of(
            "Every option but --config can come from the JSON object of a --config file, by its name without dashes: {\"table-a\": \"people/\", \"min-ids\": 1000, \"allow-older\": true}. One file may serve all commands."));
        page.Text(speech.Of("The command line goes before the environment, the environment before the config file."));
    }

    private static void AddExitCodes(HelpPage page, Speech speech)
    {
        page.Heading(speech.Of("Exit codes"));
        foreach (var (code, meaning) in s_exitCodes)
            page.Entry(code, speech.Of(meaning), HelpPage.NarrowColumn);
    }
}
