using System.Text;
using IdExtractor.Cli.Commands;
using IdExtractor.Cli.Options;
using IdExtractor.Display;

namespace IdExtractor.Cli.Help;

/// <summary>What <c>--help</c> prints.</summary>
internal static class HelpText
{
    private const int Width = 100;
    private const int Indent = 2;
    private const int TextColumn = 30;

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
        ("75", "passing trouble: run again (the only one worth a retry)"),
        ("130, 143", "cancelled by SIGINT, SIGTERM"),
    ];

    /// <summary>The program and its commands.</summary>
    public static string Overview()
    {
        var page = new HelpPage(Width, Indent, Terminal.OutputIsStyled);
        page.Paragraph("Publishes the distinct IDs of Table B whose document is a CPF of Table A, as one gzipped text file that readers see whole at every moment");
        page.Heading("Usage");
        page.Literal("idextractor COMMAND [options]");
        page.Heading("Commands");
        foreach (var command in CommandTable.All)
            page.Entry(command.Name, command.Summary, TextColumn / 2);
        page.Heading("More");
        page.Entry("idextractor COMMAND --help", "options of a command, with their defaults", TextColumn);
        page.Entry("idextractor --version", "the version", TextColumn);
        AddExamples(page, CommandTable.All.Select(command => command.Examples[0]));
        AddSources(page);
        AddExitCodes(page);
        return page.ToString();
    }

    /// <summary>One command.</summary>
    public static string Of(CommandDefinition command)
    {
        var page = new HelpPage(Width, Indent, Terminal.OutputIsStyled);
        page.Paragraph(command.Summary);
        var options = OptionTable.Of(command.Set).ToArray();
        page.Heading("Usage");
        var usage = new StringBuilder("idextractor ").Append(command.Name);
        foreach (var option in options.Where(option => option.IsRequiredBy(command.Set)))
            usage.Append(' ').Append(option.Dashed).Append(' ').Append(option.ValueName);
        page.Literal(usage.Append(" [options]").ToString());
        foreach (var (group, title) in s_groups)
        {
            var members = options.Where(option => option.Group == group).ToArray();
            if (members.Length == 0)
                continue;
            page.Heading(title);
            foreach (var option in members)
                page.Entry(option.IsFlag ? option.Dashed : $"{option.Dashed} {option.ValueName}", Describe(command, option), TextColumn);
        }

        page.Heading("Help");
        page.Entry("-h, --help", "This text", TextColumn);
        AddExamples(page, command.Examples);
        AddSources(page);
        AddExitCodes(page);
        return page.ToString();
    }

    private static string Describe(CommandDefinition command, OptionDefinition option)
    {
        if (option.IsRequiredBy(command.Set))
            return option.Summary + " [required]";
        return option.Default is null ? option.Summary : $"{option.Summary} {HelpPage.Unbroken($"[default: {option.Default}]")}";
    }

    private static void AddExamples(HelpPage page, IEnumerable<string> examples)
    {
        page.Heading("Examples");
        foreach (var example in examples)
            page.Literal(example);
    }

    private static void AddSources(HelpPage page)
    {
        page.Heading("Environment variables and config files");
        page.Text(
            $"Every option can come from the environment: {OptionTable.TableA.Dashed} is {OptionTable.TableA.Variable}, and so on. An option that is on or off takes true, false, 1 or 0. An empty variable counts as not set.");
        page.Text(
            "Every option but --config can come from the JSON object of a --config file, by its name without dashes: {\"table-a\": \"people/\", \"min-ids\": 1000, \"allow-older\": true}. One file may serve all commands.");
        page.Text("The command line goes before the environment, the environment before the config file.");
    }

    private static void AddExitCodes(HelpPage page)
    {
        page.Heading("Exit codes");
        foreach (var (code, meaning) in s_exitCodes)
            page.Entry(code, meaning, TextColumn / 2);
    }
}
