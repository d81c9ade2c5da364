using System.Text.Json;

namespace IdExtractor.Aws.Tests.Emulator;

/// <summary>
/// The emulator's additions to moto's Glue, each checked against Glue's API reference.
/// </summary>
public sealed class GlueAdditionsTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>, IAsyncLifetime
{
    private readonly string _database = EmulatorFixture.NewName("additions");

    public async Task InitializeAsync()
    {
        if (Python.SkipReason is not null)
            return;
        await emulator.GlueAsync("CreateDatabase", new { DatabaseInput = new { Name = _database } });
        var columns = new[] { new { Name = "id", Type = "string" } };
        var keys = new[] { new { Name = "day", Type = "int" } };
        await emulator.GlueAsync(
            "CreateTable",
            new
            {
                DatabaseName = _database,
                TableInput = new { Name = "t", PartitionKeys = keys, StorageDescriptor = new { Columns = columns } }
            });
        var partitions = Enumerable.Range(1, 25).Select(
            day => new { Values = new[] { $"{day}" }, StorageDescriptor = new { Columns = columns, Location = $"s3://b/{day}/" } });
        await emulator.GlueAsync(
            "BatchCreatePartition", new { DatabaseName = _database, TableName = "t", PartitionInputList = partitions });
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [EmulatorFact]
    public async Task GetPartitions_MaxResults_PagesUntilThereIsNoToken()
    {
        var sizes = new List<int>();
        var days = new HashSet<string?>();
        string? token = null;
        do
        {
            var (_, page) = await GetPartitionsAsync(new() { ["MaxResults"] = 10, ["NextToken"] = token });
            sizes.Add(page.GetProperty("Partitions").GetArrayLength());
            days.UnionWith(Days(page));
            token = page.TryGetProperty("NextToken", out var next) ? next.GetString() : null;
        }
        while (token is not null);

        Assert.Equal([10, 10, 5], sizes);
        Assert.Equal(25, days.Count);
    }

    [EmulatorTheory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task GetPartitions_MaxResultsOutOfRange_IsInvalid(int size)
    {
        var (status, answer) = await GetPartitionsAsync(new() { ["MaxResults"] = size });

        Assert.Equal((400, "InvalidInputException"), (status, answer.GetProperty("__type").GetString()));
    }

    [EmulatorFact]
    public async Task GetPartitions_Segments_SplitTheTable()
    {
        var days = new List<string?>();
        for (var segment = 0; segment < 4; segment++)
        {
            var (_, page) = await GetPartitionsAsync(new() { ["Segment"] = new { SegmentNumber = segment, TotalSegments = 4 } });
            Assert.InRange(page.GetProperty("Partitions").GetArrayLength(), 6, 7);
            days.AddRange(Days(page));
        }

        Assert.Equal(25, days.Count);
        Assert.Equal(25, days.Distinct().Count());
    }

    [EmulatorTheory]
    [InlineData(4, 4)]
    [InlineData(0, 11)]
    [InlineData(-1, 2)]
    public async Task GetPartitions_NoSuchSegment_IsInvalid(int number, int total)
    {
        var (status, answer) = await GetPartitionsAsync(new() { ["Segment"] = new { SegmentNumber = number, TotalSegments = total } });

        Assert.Equal((400, "InvalidInputException"), (status, answer.GetProperty("__type").GetString()));
    }

    [EmulatorFact]
    public async Task GetPartitions_TokenOfAnotherSegment_IsInvalid()
    {
        var (_, page) = await GetPartitionsAsync(new() { ["MaxResults"] = 1, ["Segment"] = new { SegmentNumber = 0, TotalSegments = 2 } });
        var token = page.GetProperty("NextToken").GetString();

        var (status, _) = await GetPartitionsAsync(
            new() { ["NextToken"] = token, ["Segment"] = new { SegmentNumber = 1, TotalSegments = 2 } });
        var (other, _) = await GetPartitionsAsync(new() { ["NextToken"] = "no token" });

        Assert.Equal((400, 400), (status, other));
    }

    [EmulatorFact]
    public async Task GetPartitions_ExcludeColumnSchema_LeavesColumnsOut()
    {
        var (_, with) = await GetPartitionsAsync([]);
        var (_, without) = await GetPartitionsAsync(new() { ["ExcludeColumnSchema"] = true });

        Assert.True(Storage(with).TryGetProperty("Columns", out _));
        Assert.False(Storage(without).TryGetProperty("Columns", out _));
        Assert.Equal("s3://b/1/", Storage(without).GetProperty("Location").GetString());
        static JsonElement Storage(JsonElement page) => page.GetProperty("Partitions")[0].GetProperty("StorageDescriptor");
    }

    [EmulatorTheory]
    [InlineData("CreatePartition")]
    [InlineData("BatchCreatePartition")]
    [InlineData("GetPartition")]
    public async Task Partition_WrongNumberOfValues_IsInvalid(string operation)
    {
        string[] values = ["1", "2"];
        var request = new Dictionary<string, object> { ["DatabaseName"] = _database, ["TableName"] = "t" };
        if (operation == "GetPartition")
            request["PartitionValues"] = values;
        else if (operation == "CreatePartition")
            request["PartitionInput"] = new { Values = values };
        else
            request["PartitionInputList"] = new[] { new { Values = values } };

        var (status, answer) = await emulator.GlueAsync(operation, request);

        Assert.Equal((400, "InvalidInputException"), (status, answer.GetProperty("__type").GetString()));
    }

    private Task<(int Status, JsonElement Answer)> GetPartitionsAsync(Dictionary<string, object?> request)
    {
        request["DatabaseName"] = _database;
        request["TableName"] = "t";
        return emulator.GlueAsync("GetPartitions", request.Where(member => member.Value is not null).ToDictionary());
    }

    private static IEnumerable<string?> Days(JsonElement page) =>
        page.GetProperty("Partitions").EnumerateArray().Select(partition => partition.GetProperty("Values")[0].GetString());
}
