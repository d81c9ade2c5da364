using System.Text.Json;
using IdExtractor.Aws.Tests.Emulator;

namespace IdExtractor.Aws.Tests.Glue;

/// <summary>
/// The service's published model, glue-2017-03-31, as botocore ships it: shapes of the three calls,
/// a whole answer to each, and the endpoints of some regions.
/// </summary>
internal static class GlueModel
{
    private const string Script = """
        import gzip, json, os
        import botocore
        from botocore.endpoint_provider import EndpointProvider, RuleSetEndpoint
        from botocore.loaders import create_loader

        loader = create_loader()
        model = loader.load_service_model("glue", "service-2", "2017-03-31")
        shapes = model["shapes"]

        def outline(name, depth=0):
            shape = shapes[name]
            if shape["type"] == "structure":
                return {key: outline(member["shape"], depth + 1) for key, member in shape.get("members", {}).items()} if depth < 3 else {}
            if shape["type"] == "list":
                return [outline(shape["member"]["shape"], depth + 1)]
            return shape["type"]

        def sample(name, path, seen=()):
            shape = shapes[name]
            kind = shape["type"]
            if kind == "structure":
                if name in seen or len(seen) > 6:
                    return {}
                return {key: sample(member["shape"], path + "." + key, seen + (name,)) for key, member in shape.get("members", {}).items()}
            if kind == "list":
                return [sample(shape["member"]["shape"], path + "[0]", seen)]
            if kind == "map":
                return {path + ".key": sample(shape["value"]["shape"], path + ".value", seen)}
            return {"boolean": True, "integer": 7, "long": 7, "double": 7.5, "timestamp": 1.5}.get(kind, path)

        operations = {}
        for name in ("GetTable", "GetPartitions", "GetPartition"):
            operation = model["operations"][name]
            operations[name] = {"input": outline(operation["input"]["shape"]), "output": sample(operation["output"]["shape"], "")}

        rules = loader.load_service_model("glue", "endpoint-rule-set-1", "2017-03-31")
        provider = EndpointProvider(rules, loader.load_data("partitions"))
        endpoints = []
        for region in ("sa-east-1", "us-east-1", "cn-north-1", "us-gov-west-1", "eu-isoe-west-1"):
            for fips in (False, True):
                for dual in (False, True):
                    try:
                        url = provider.resolve_endpoint(Region=region, UseFIPS=fips, UseDualStack=dual).url
                    except Exception:
                        url = None
                    endpoints.append({"region": region, "fips": fips, "dual": dual, "url": url})
        print(json.dumps({"metadata": model["metadata"], "operations": operations, "endpoints": endpoints}))
        """;

    private static readonly Lazy<JsonElement> s_model = new(() => Python.Try(Script, out var said)
        ? JsonSerializer.Deserialize<JsonElement>(said)
        : throw new InvalidOperationException($"The service's model cannot be read: {said}"));

    public static JsonElement Metadata => s_model.Value.GetProperty("metadata");

    public static IEnumerable<JsonElement> Endpoints => s_model.Value.GetProperty("endpoints").EnumerateArray();

    /// <summary>
    /// Members of a request with the types of their values: a name for plain ones, an object for
    /// structures, a list of one for lists.
    /// </summary>
    public static JsonElement Input(string operation) =>
        s_model.Value.GetProperty("operations").GetProperty(operation).GetProperty("input");

    /// <summary>
    /// An answer in which every member is there; texts are the paths of their members.
    /// </summary>
    public static string Output(string operation) =>
        s_model.Value.GetProperty("operations").GetProperty(operation).GetProperty("output").GetRawText();
}
