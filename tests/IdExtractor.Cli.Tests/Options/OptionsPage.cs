using System.Text;
using IdExtractor.Cli.Commands;
using IdExtractor.Cli.Options;

namespace IdExtractor.Cli.Tests.Options;

/// <summary>Makes docs/use/options.md from the tables of commands and options.</summary>
internal static class OptionsPage
{
    private const string Introduction =
        """
        # Options

        Made from the option table; a test compares the two (`IDEXTRACTOR_WRITE_DOCS=1` with `OptionsPageTests` writes it again).

        Every option can also come from an environment variable or from the JSON object of a `--config` file. The command line comes first, then the environment, then the file.

        ```
        idextractor extract --table-a people/ --min-ids 1000 --allow-older
        IDEXTRACTOR_TABLE_A=people/ IDEXTRACTOR_MIN_IDS=1000 IDEXTRACTOR_ALLOW_OLDER=true idextractor extract
        {"table-a": "people/", "min-ids": 1000, "allow-older": true}
        ```

        An option that is on or off takes `true`, `false`, `1` or `0` in the environment. An empty variable counts as not set.

        """;

    /// <summary>The text of the page, with a newline at its end.</summary>
    public static string Text()
    {
        var page = new StringBuilder(Introduction);
        AppendCommands(page);
        foreach (var group in OptionTable.All.GroupBy(option => option.Group))
            AppendGroup(page, group);
        return page.ToString();
    }

    private static void AppendCommands(StringBuilder page)
    {
        page.Append("\n## Commands\n\n| command | does |\n|---|---|\n");
        foreach (var command in CommandTable.All)
            page.Append($"| `{command.Name}` | {Cell(command.Summary)} |\n");
    }

    private static void AppendGroup(StringBuilder page, IGrouping<OptionGroup, OptionDefinition> group)
    {
        page.Append($"\n## {(group.Key == OptionGroup.Aws ? "AWS" : group.Key)}\n\n");
        page.Append("| option | commands | default | meaning |\n|---|---|---|---|\n");
        foreach (var option in group)
        {
            var takers = CommandTable.All.Where(command => option.IsTakenBy(command.Set)).ToArray();
            var commands = takers.Length == CommandTable.All.Count ? "all" : string.Join(", ", takers.Select(command => command.Name));
            var typed = option.IsFlag ? option.Dashed : $"{option.Dashed} {option.ValueName}";
            page.Append($"| `{Cell(typed)}` | {commands} | {Cell(option.Default ?? "required")} | {Cell(option.Summary)} |\n");
        }
    }

    /// <summary>Text that cannot end a cell.</summary>
    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
