using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using IdExtractor.Cli.Options;

namespace IdExtractor.Cli.Tests.Options;

/// <summary>The JSON Schema of config files, made from the table of options.</summary>
internal static class ConfigSchema
{
    private static readonly JsonSerializerOptions s_readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    public static string Write()
    {
        var properties =
            new JsonObject { ["$schema"] = new JsonObject { ["type"] = "string", ["description"] = "This schema, for editors" } };
        foreach (var group in OptionTable.All.Where(option => option != OptionTable.Config).GroupBy(option => option.Name))
            properties[group.Key] = PropertyOf([.. group]);
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Config file of idextractor",
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
        return schema.ToJsonString(s_readable) + "\n";
    }

    private static JsonObject PropertyOf(IReadOnlyList<OptionDefinition> same)
    {
        var form = same[0].Form;
        var types = new JsonArray();
        foreach (var (flag, name) in new[] { (JsonForms.String, "string"), (JsonForms.Number, "number"), (JsonForms.Boolean, "boolean") })
        {
            if ((form.Json & flag) != 0)
                types.Add((JsonNode)name);
        }

        var property = new JsonObject
        {
            ["description"] = string.Join(" / ", same.Select(option => option.Summary).Distinct()),
            ["type"] = types.Count == 1 ? types[0]!.DeepClone() : types,
        };
        if (form.Words is { } words)
            property["enum"] = new JsonArray([.. words.Select(word => (JsonNode)word)]);
        return property;
    }
}
