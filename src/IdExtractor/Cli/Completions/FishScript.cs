using System.Text;
using IdExtractor.Cli.Commands;
using IdExtractor.Cli.Options;
using IdExtractor.Phrases;

namespace IdExtractor.Cli.Completions;

/// <summary>Completion in fish.</summary>
internal static class FishScript
{
    /// <summary>The script.</summary>
    public static string Write(Speech speech)
    {
        var script = new StringBuilder(
            "# fish completion for idextractor: idextractor completions fish | source\ncomplete -c idextractor -f\n");
        foreach (var (word, summary) in CompletionScript.Commands())
            script.Append($"complete -c idextractor -n __fish_use_subcommand -a {word} -d {Quoted(speech.Of(summary))}\n");
        script.Append($"complete -c idextractor -n __fish_use_subcommand -s V -l version -d {Quoted(speech.Of("Shows the version"))}\n");
        script.Append(
            $"complete -c idextractor -n '__fish_seen_subcommand_from help' -a '{string.Join(' ', CommandTable.All.Select(command => command.Name))}'\n");
        script.Append(
            $"complete -c idextractor -n '__fish_seen_subcommand_from completions' -a '{string.Join(' ', CompletionScript.Shells)}'\n");
        foreach (var command in CommandTable.All)
        {
            var start = $"complete -c idextractor -n '__fish_seen_subcommand_from {command.Name}'";
            foreach (var option in OptionTable.Of(command.Set))
                script.Append($"{start} -l {option.Name} {ValueOf(option)}-d {Quoted(speech.Of(option.Summary))}\n");
            foreach (var (letters, summary) in CompletionScript.ShortForms)
                script.Append($"{start} {letters} -d {Quoted(speech.Of(summary))}\n");
        }

        return script.ToString().TrimEnd('\n');
    }

    private static string ValueOf(OptionDefinition option) => option switch
    {
        { IsFlag: true } => "",
        { Form.Words: { } words } => $"-x -a '{string.Join(' ', words)}' ",
        _ when CompletionScript.WordBesidePaths(option) is { } word => $"-r -F -a {word} ",
        _ when CompletionScript.TakesPath(option) => "-r -F ",
        _ => "-x ",
    };

    private static string Quoted(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
