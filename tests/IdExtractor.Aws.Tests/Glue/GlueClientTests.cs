using System.Text.Json;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using IdExtractor.Aws.Glue;
using IdExtractor.Aws.Tests.Emulator;
using IdExtractor.Core.Catalog;

namespace IdExtractor.Aws.Tests.Glue;

/// <summary>
/// What the client writes and reads, checked against the service's published model.
/// </summary>
public sealed class GlueClientTests
{
    private static readonly GlueTableName s_table = new("123456789012", "db", "t");

    [EmulatorFact]
    public async Task Requests_EveryMember_IsOneOfTheModel()
    {
        var glue = new ScriptedGlue((operation, _) => (200, GlueModel.Output(operation)));
        using var client = glue.CreateClient();
        await client.GetTableAsync(s_table, CancellationToken.None);
        await client.GetPartitionsAsync(
            s_table, new GluePartitionsQuery { Segment = 2, TotalSegments = 4, Expression = "a = 1", NextToken = "next" },
            CancellationToken.None);
        await client.GetPartitionAsync(s_table, ["a", "b"], CancellationToken.None);

        Assert.Equal(["GetTable", "GetPartitions", "GetPartition"], glue.Asked.Select(asked => asked.Operation));
        Assert.All(glue.Asked, asked => AssertFits(asked.Operation, asked.Body, GlueModel.Input(asked.Operation)));
        Assert.Equal("json", GlueModel.Metadata.GetProperty("protocol").GetString());
        Assert.Equal(
            ("1.1", "AWSGlue"),
            (GlueModel.Metadata.GetProperty("jsonVersion").GetString(), GlueModel.Metadata.GetProperty("targetPrefix").GetString()));
    }

    [EmulatorFact]
    public async Task GetTable_WholeAnswer_EveryMemberIsRead()
    {
        using var client = new ScriptedGlue((operation, _) => (200, GlueModel.Output(operation))).CreateClient();

        var table = await client.GetTableAsync(s_table, CancellationToken.None);

        Assert.Equal(".Table.TableType", table.TableType);
        Assert.Equal(new KeyValuePair<string, string>(".Table.Parameters.key", ".Table.Parameters.value"), Assert.Single(table.Parameters));
        Assert.Equal(new GlueColumn(".Table.PartitionKeys[0].Name", ".Table.PartitionKeys[0].Type"), Assert.Single(table.PartitionKeys));
        const string Storage = ".Table.StorageDescriptor.";
        Assert.Equal(
            new GlueStorage(Storage + "Location", Storage + "InputFormat", Storage + "SerdeInfo.SerializationLibrary"), table.Storage);
        const string Target = ".Table.TargetTable.";
        Assert.Equal(
            new GlueLink(new GlueTableName(Target + "CatalogId", Target + "DatabaseName", Target + "Name"), Target + "Region"),
            table.Target);
        Assert.Equal((".Table.FederatedTable.ConnectionName", true), (table.FederatedBy, table.IsMaterializedView));
    }

    [EmulatorFact]
    public async Task GetPartitions_WholeAnswer_EveryMemberIsRead()
    {
        using var client = new ScriptedGlue((operation, _) => (200, GlueModel.Output(operation))).CreateClient();

        var page = await client.GetPartitionsAsync(s_table, new GluePartitionsQuery(), CancellationToken.None);
        var one = await client.GetPartitionAsync(s_table, ["a"], CancellationToken.None);

        Assert.Equal(".NextToken", page.NextToken);
        var partition = Assert.Single(page.Partitions);
        Assert.Equal(
            (".Partitions[0].Values[0]", ".Partitions[0].StorageDescriptor.Location"), (partition.Values.Single(), partition.Location));
        Assert.Equal((".Partition.Values[0]", ".Partition.StorageDescriptor.Location"), (one.Values.Single(), one.Location));
    }

    [Fact]
    public async Task GetTable_BareAnswer_IsRead()
    {
        using var client = new ScriptedGlue(
            (_, _) => (200, """{"Table":{"Name":"t","StorageDescriptor":null,"Parameters":null}}""")).CreateClient();

        var table = await client.GetTableAsync(s_table, CancellationToken.None);

        Assert.Null(table.Storage);
        Assert.Null(table.Target);
        Assert.Empty(table.Parameters);
        Assert.Empty(table.PartitionKeys);
    }

    [Theory]
    [InlineData("EntityNotFoundException")]
    [InlineData("com.amazonaws.glue#EntityNotFoundException")]
    public async Task GetTable_Error_CarriesCodeMessageAndRequest(string type)
    {
        using var client = new ScriptedGlue(
            (_, _) => (400, JsonSerializer.Serialize(new { __type = type, Message = "Table t not found." }))).CreateClient();

        var error = await Assert.ThrowsAnyAsync<AmazonServiceException>(() => client.GetTableAsync(s_table, CancellationToken.None));

        Assert.Equal(
            ("EntityNotFoundException", "Table t not found.", "request-1", 400),
            (error.ErrorCode, error.Message, error.RequestId, (int)error.StatusCode));
    }

    [EmulatorFact]
    public void EndpointRules_RegionsAndOptions_AreTheModels()
    {
        var rules = new GlueClientConfig.EndpointRules();
        Assert.All(GlueModel.Endpoints, expected =>
        {
            var parameters = new EndpointParameters();
            parameters["Region"] = expected.GetProperty("region").GetString();
            parameters["UseFIPS"] = expected.GetProperty("fips").GetBoolean();
            parameters["UseDualStack"] = expected.GetProperty("dual").GetBoolean();
            if (expected.GetProperty("url").GetString() is { } url)
                Assert.Equal(url, rules.ResolveEndpoint(parameters).URL);
            else
                Assert.Throws<AmazonClientException>(() => rules.ResolveEndpoint(parameters));
        });
    }

    private static void AssertFits(string path, JsonElement value, JsonElement model)
    {
        switch (model.ValueKind)
        {
            case JsonValueKind.Object:
                Assert.Equal(JsonValueKind.Object, value.ValueKind);
                foreach (var member in value.EnumerateObject())
                {
                    Assert.True(model.TryGetProperty(member.Name, out var inner), $"{path}.{member.Name} is not in the model");
                    AssertFits($"{path}.{member.Name}", member.Value, inner);
                }

                break;
            case JsonValueKind.Array:
                Assert.All(value.EnumerateArray(), item => AssertFits(path + "[]", item, model[0]));
                break;
            default:
                var kind = value.ValueKind switch { JsonValueKind.String => "string", JsonValueKind.Number => "integer", _ => "boolean" };
                Assert.True(model.GetString() == kind, $"{path} is a {kind} and should be a {model.GetString()}");
                break;
        }
    }
}
