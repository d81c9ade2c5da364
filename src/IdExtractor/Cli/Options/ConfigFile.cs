using System.Globalization;
using System.Text;
using System.Text.Json;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Cli.Options;

/// <summary>
/// A config file: one JSON object whose entries are options by their names without dashes. One file
/// may serve all commands. It may hold comments, and name its schema for editors.
/// </summary>
internal static class ConfigFile
{
    private const int MostBytes = 1 << 20;
    private const string SchemaEntry = "$schema";

    private static readonly JsonReaderOptions s_options = new() { CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Every entry of a file, by its option's name.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read.</exception>
    /// <exception cref="UsageException">It is not JSON, or an entry is unknown, comes twice or has
    /// the wrong type.</exception>
    public static IReadOnlyDictionary<string, GivenValue> Read(string path)
    {
        var bytes = Load(path);
        var entries = new Dictionary<string, GivenValue>();
        var reader = new Utf8JsonReader(
            bytes.AsSpan(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0), s_options);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw new UsageException($"The config file {path} is not a JSON object");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                if (name == SchemaEntry)
                {
                    reader.Skip();
                    continue;
                }

                var option = Find(path, name);
                reader.Read();
                if (!entries.TryAdd(name, new GivenValue(TextOf(path, option, ref reader), ValueOrigin.Config(path, name))))
                    throw new UsageException($"The config file {path} has the entry \"{name}\" twice");
            }

            reader.Read();
        }
        catch (JsonException error)
        {
            var line = ((error.LineNumber ?? 0) + 1).ToString(CultureInfo.InvariantCulture);
            throw new UsageException($"The config file {path} is not JSON: line {line}, byte {error.BytePositionInLine ?? 0}");
        }
        catch (InvalidOperationException)
        {
            throw new UsageException($"The config file {path} is not JSON: a text in it is not UTF-8");
        }

        return entries;
    }

    private static byte[] Load(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read);
            if (file.Length > MostBytes)
                throw new UsageException($"The config file {path} is longer than {MostBytes} bytes");
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            var problem = error is FileNotFoundException or DirectoryNotFoundException
                ? "The config file does not exist"
                : "The config file cannot be read";
            throw new ConfigurationException(problem, ErrorPlace.Of(path), "check --config and IDEXTRACTOR_CONFIG", error);
        }
    }

    private static OptionDefinition Find(string path, string name)
    {
        foreach (var option in OptionTable.All)
        {
            if (option.Name == name && option != OptionTable.Config)
                return option;
        }

        var meant = Spelling.Nearest(name, OptionTable.All.Where(option => option != OptionTable.Config).Select(option => option.Name));
        throw new UsageException(
            $"The config file {path} has the entry {Quoted.Of(name)}, which is no option",
            meant is null ? null : $"did you mean \"{meant}\"?");
    }

    private static string TextOf(string path, OptionDefinition option, ref Utf8JsonReader reader)
    {
        var (form, text) = reader.TokenType switch
        {
            JsonTokenType.String => (JsonForms.String, reader.GetString()!),
            JsonTokenType.Number => (JsonForms.Number, Encoding.UTF8.GetString(reader.ValueSpan)),
            JsonTokenType.True => (JsonForms.Boolean, "true"),
            JsonTokenType.False => (JsonForms.Boolean, "false"),
            _ => (default, ""),
        };
        if ((option.Form.Json & form) != 0)
            return text;
        var found = reader.TokenType switch
        {
            JsonTokenType.String => "a text",
            JsonTokenType.Number => "a number",
            JsonTokenType.True or JsonTokenType.False => "a truth value",
            JsonTokenType.StartArray => "an array",
            JsonTokenType.StartObject => "an object",
            _ => "null",
        };
        var takes = option.IsFlag ? "true or false without quotes" : option.Form.Takes;
        throw new UsageException($"The entry \"{option.Name}\" of config file {path} is {found}; it takes {takes}");
    }
}
