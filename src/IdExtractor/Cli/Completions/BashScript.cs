using System.Text;
using IdExtractor.Cli.Commands;
using IdExtractor.Cli.Options;

namespace IdExtractor.Cli.Completions;

/// <summary>Completion in bash, without the package bash-completion.</summary>
internal static class BashScript
{
    private const string Head = """
        # bash completion for idextractor: source <(idextractor completions bash)
        _idextractor() {
          local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
          # bash may split --option=value at the equals sign.
          if [[ $cur == "=" ]]; then cur=""; elif [[ $prev == "=" ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi
          COMPREPLY=()
          if (( COMP_CWORD == 1 )); then
            COMPREPLY=($(compgen -W "@commands --help --version" -- "$cur"))
            return
          fi
          case $command in
            help) COMPREPLY=($(compgen -W "@named" -- "$cur")); return ;;
            completions) COMPREPLY=($(compgen -W "@shells" -- "$cur")); return ;;
          esac

        """;

    private const string Tail = """
          if [[ $cur == -* ]]; then
            case $command in
        @options
            esac
          fi
        }
        complete -F _idextractor idextractor
        """;

    /// <summary>The script.</summary>
    public static string Write()
    {
        var values = new StringBuilder();
        foreach (var group in CommandTable.All.SelectMany(command => OptionTable.Of(command.Set)).Distinct().Where(option => !option.IsFlag)
            .GroupBy(option => option.Dashed))
        {
            var option = group.First();
            if (option.Form.Words is { } words)
                values.Append($"    {option.Dashed}) COMPREPLY=($(compgen -W \"{string.Join(' ', words)}\" -- \"$cur\")); return ;;\n");
            else if (CompletionScript.TakesPath(option))
                values.Append(
                    $"    {option.Dashed}) compopt -o filenames 2> /dev/null; local IFS=$'\\n'; "
                    + $"COMPREPLY=($(compgen {BesidePaths(option)}-f -- \"$cur\")); return ;;\n");
            else
                values.Append($"    {option.Dashed}) return ;;\n");
        }

        var options = CommandTable.All.Select(
            command => $"      {command.Name}) COMPREPLY=($(compgen -W \"{string.Join(' ', CompletionScript.Dashed(command))}\" -- \"$cur\")) ;;");
        return Head
            .Replace("@commands", string.Join(' ', CompletionScript.Commands().Select(pair => pair.Word)), StringComparison.Ordinal)
            .Replace("@named", string.Join(' ', CommandTable.All.Select(command => command.Name)), StringComparison.Ordinal)
            .Replace("@shells", string.Join(' ', CompletionScript.Shells), StringComparison.Ordinal)
            + $"  case $prev in\n{values}  esac\n"
            + Tail.Replace("@options", string.Join('\n', options), StringComparison.Ordinal);
    }

    private static string BesidePaths(OptionDefinition option) =>
        CompletionScript.WordBesidePaths(option) is { } word ? $"-W {word} " : "";
}
