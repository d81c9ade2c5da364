using System.Text.Json;
using IdExtractor.Aws.Connection;
using IdExtractor.Aws.Glue;
using IdExtractor.Aws.Requests;
using IdExtractor.Aws.S3;
using IdExtractor.Core.Catalog;
using IdExtractor.Core.Job;

namespace IdExtractor.Aws.Tests.Glue;

/// <summary>A catalog on a scripted service.</summary>
internal sealed class GlueScene : IDisposable
{
    private readonly AwsAccess _access = new(
        new AwsSettings { Region = "sa-east-1" }, new RunProgress(),
        new RequestTuning { Retry = new RetryPolicy { MaxAttempts = 3, FirstDelay = TimeSpan.FromMilliseconds(1) } }, TimeProvider.System);

    private readonly GlueClient _client;

    public GlueScene(Func<string, JsonElement, (int Status, string Body)> answer)
    {
        Service = new ScriptedGlue(answer);
        _client = Service.CreateClient();
    }

    public ScriptedGlue Service { get; }

    /// <summary>A table that is there.</summary>
    public static string Table(string members = "", string keys = """[{"Name":"k","Type":"string"}]""") =>
        """{"Table":{"Name":"t","PartitionKeys":""" + keys + ""","StorageDescriptor":{"Location":"s3://bucket/t"}""" + (members.Length == 0
            ? "" : "," + members) + "}}";

    /// <summary>A failure of the service.</summary>
    public static (int Status, string Body) Error(string code, string message = "", int status = 400) =>
        (status, JsonSerializer.Serialize(new { __type = code, Message = message }));

    public IPartitionCatalog Catalog(string reference = "glue://db/t") => new GlueCatalog(
        new GlueRequests(new Lazy<IGlueApi>(_client), _access), GlueCatalogs.Parse(reference, null),
        new S3StoreProvider(_access, new S3Tuning()), TimeProvider.System);

    public Task<PartitionSelection> SelectAsync(string? pin = null) =>
        PartitionSearch.SelectAsync(Catalog(), PinOf(pin), CancellationToken.None);

    /// <summary>Reads <c>k=v/k=v</c>.</summary>
    public static PartitionPin? PinOf(string? text) =>
        text is null
            ? null
            : new PartitionPin(
                [.. text.Split('/').Select(part => part.Split('=', 2)).Select(pair => new PartitionValue(pair[0], pair[1]))]);

    public void Dispose()
    {
        _client.Dispose();
        _access.Dispose();
    }
}
