using System.Text;
using IdExtractor.Cli.Commands;
using IdExtractor.Cli.Options;
using IdExtractor.Phrases;

namespace IdExtractor.Cli.Completions;

/// <summary>Completion in zsh, by its own function <c>_arguments</c>.</summary>
internal static class ZshScript
{
    /// <summary>The script.</summary>
    public static string Write(Speech speech)
    {
        var script = new StringBuilder("""
            #compdef idextractor
            # zsh completion for idextractor: source <(idextractor completions zsh), after compinit
            _idextractor() {
              local curcontext=$curcontext state line
              if (( CURRENT == 2 )); then
                local -a commands=(

            """);
        foreach (var (word, summary) in CompletionScript.Commands())
            script.Append($"      {Quoted($"{word}:{speech.Of(summary).Replace(":", "\\:", StringComparison.Ordinal)}")}\n");
        script.Append("    )\n    _describe command commands\n    return\n  fi\n  case $words[2] in\n");
        script.Append($"    help) _arguments '2:command:({string.Join(' ', CommandTable.All.Select(command => command.Name))})' ;;\n");
        script.Append($"    completions) _arguments '2:shell:({string.Join(' ', CompletionScript.Shells)})' ;;\n");
        foreach (var command in CommandTable.All)
        {
            script.Append($"    {command.Name}) _arguments '1: :' \\\n");
            foreach (var option in OptionTable.Of(command.Set))
                script.Append($"      {Quoted(SpecOf(option, speech))} \\\n");
            script.Append(
                $"      '(-h --help)'{{-h,--help}}'[{speech.Of(CompletionScript.Help)}]' '-q[{speech.Of(CompletionScript.Quiet)}]' '-v[{speech.Of(CompletionScript.Verbose)}]' ;;\n");
        }

        return script.Append("  esac\n}\n(( $+functions[compdef] )) && compdef _idextractor idextractor").ToString();
    }

    private static string SpecOf(OptionDefinition option, Speech speech)
    {
        var text = speech.Of(option.Summary)
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("[", "\\[", StringComparison.Ordinal)
            .Replace("]", "\\]", StringComparison.Ordinal);
        var name = $"{option.Dashed}{(option.IsFlag ? "" : "=")}[{text}]";
        if (option.IsFlag)
            return name;
        var label = option.Name;
        return option.Form.Words is { } words
            ? $"{name}:{label}:({string.Join(' ', words.Select(word => word.Replace(":", "\\:", StringComparison.Ordinal)))})"
            : CompletionScript.WordBesidePaths(option) is { } word ? $"{name}:{label}:{{compadd {word}; _files}}"
            : CompletionScript.TakesPath(option) ? $"{name}:{label}:_files"
            : $"{name}:{label}: ";
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
