using IdExtractor.Cli.Commands;
using IdExtractor.Cli.Options;

namespace IdExtractor.Cli.Tests.Hosting;

/// <summary>Options as the program gathers them, without a process.</summary>
internal static class Gathered
{
    public static OptionValues From(string[] words, Dictionary<string, string>? environment = null)
    {
        var (command, typed) = CommandLine.Read(words);
        var values = OptionValues.Gather(command!, typed, name => environment?.GetValueOrDefault(name));
        return values.Problem is { } problem ? throw problem : values;
    }

    /// <summary>The settings that a command hands to the engine.</summary>
    public static T Settings<T>(string[] words, Dictionary<string, string>? environment = null)
        where T : class
    {
        return Assert.IsType<T>(CommandTable.Find(words[0])!.Bind(From(words, environment)).Settings);
    }
}
