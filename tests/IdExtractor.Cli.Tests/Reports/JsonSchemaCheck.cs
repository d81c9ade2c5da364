using System.Text.Json;
using System.Text.RegularExpressions;

namespace IdExtractor.Cli.Tests.Reports;

/// <summary>
/// Checks a document against the part of JSON Schema that report.schema.json uses, and refuses all
/// other keywords.
/// </summary>
internal static class JsonSchemaCheck
{
    /// <summary>What is wrong, a line each; empty when nothing is.</summary>
    public static List<string> Problems(JsonElement schema, JsonElement value)
    {
        List<string> problems = [];
        Check(schema, value, "$", problems);
        return problems;
    }

    private static void Check(JsonElement schema, JsonElement value, string path, List<string> problems)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            switch (keyword.Name)
            {
                case "$schema" or "title" or "description":
                    break;
                case "type":
                    if (!Types(keyword.Value).Contains(TypeOf(value))
                        && !(TypeOf(value) == "integer" && Types(keyword.Value).Contains("number")))
                        problems.Add($"{path} is {TypeOf(value)}");
                    break;
                case "const":
                    if (!JsonElement.DeepEquals(keyword.Value, value))
                        problems.Add($"{path} is not {keyword.Value}");
                    break;
                case "enum":
                    if (!keyword.Value.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)))
                        problems.Add($"{path} is {value}");
                    break;
                case "minimum":
                    if (value.ValueKind == JsonValueKind.Number && value.GetDouble() < keyword.Value.GetDouble())
                        problems.Add($"{path} is below {keyword.Value}");
                    break;
                case "pattern":
                    if (value.ValueKind == JsonValueKind.String && !Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!))
                        problems.Add($"{path} is {value}");
                    break;
                case "required":
                    if (value.ValueKind == JsonValueKind.Object)
                        problems.AddRange(
                            keyword.Value.EnumerateArray()
                                .Where(name => !value.TryGetProperty(name.GetString()!, out _))
                                .Select(name => $"{path} lacks {name}"));
                    break;
                case "properties":
                    CheckProperties(keyword.Value, value, path, problems);
                    break;
                case "additionalProperties":
                    break; // Properties that the schema does not name are always refused here.
                case "items":
                    if (value.ValueKind == JsonValueKind.Array)
                    {
                        foreach (var (item, index) in value.EnumerateArray().Select((item, index) => (item, index)))
                            Check(keyword.Value, item, $"{path}[{index}]", problems);
                    }

                    break;
                default:
                    problems.Add($"the schema has the unknown keyword {keyword.Name} at {path}");
                    break;
            }
        }
    }

    private static void CheckProperties(JsonElement properties, JsonElement value, string path, List<string> problems)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return;
        foreach (var member in value.EnumerateObject())
        {
            if (properties.TryGetProperty(member.Name, out var inner))
                Check(inner, member.Value, $"{path}.{member.Name}", problems);
            else
                problems.Add($"{path}.{member.Name} is not in the schema");
        }
    }

    private static List<string> Types(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(one => one.GetString()!)] : [type.GetString()!];

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "number",
        _ => "boolean",
    };
}
