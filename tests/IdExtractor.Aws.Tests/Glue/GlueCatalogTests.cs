using Amazon.Runtime;
using IdExtractor.Aws.Connection;
using IdExtractor.Aws.Glue;
using IdExtractor.Aws.Requests;
using IdExtractor.Aws.S3;
using IdExtractor.Aws.Tests.Emulator;
using IdExtractor.Aws.Tests.Jobs;
using IdExtractor.Core.Catalog;
using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.Tests.Glue;

/// <summary>The catalog over real HTTP on the emulator, with its paging.</summary>
public sealed class GlueCatalogTests : IClassFixture<EmulatorFixture>, IDisposable
{
    // Requests are counted: none may be sent again because the emulator is slow on a busy machine.
    private static readonly RequestTuning s_patient = new()
    {
        ConnectTimeout = TimeSpan.FromMinutes(5),
        ReplyTimeout = TimeSpan.FromMinutes(5),
        SilenceTimeout = TimeSpan.FromMinutes(5),
    };

    private readonly EmulatorFixture _emulator;
    private readonly string _database = EmulatorFixture.NewName("catalog");
    private AwsAccess? _access;
    private GlueCatalogs? _catalogs;

    public GlueCatalogTests(EmulatorFixture emulator) => _emulator = emulator;

    [EmulatorFact]
    public async Task SelectAsync_TenThousandPartitions_ReadsEveryPageOfEverySegment()
    {
        var first = new DateOnly(1999, 1, 1);
        var days = Enumerable.Range(0, 10_000).Select(day => $"{first.AddDays(day * 7919 % 10_000):yyyyMMdd}");
        await CreateAsync([("ano_mes_dia", "string")], [.. days.Select(day => TableUpload.Partition($"s3://b/t/ano_mes_dia={day}/", day))]);

        var selection = await SelectAsync();

        Assert.Equal(10_000, selection.Candidates.Count);
        Assert.Equal("20260518", selection.Candidates[0].SourcePartition);
        Assert.Equal("s3://b/t/ano_mes_dia=20260518/", selection.Candidates[0].Location.ToString());
        var requests = await RequestsAsync("GetPartitions");
        Assert.Equal(12, requests.Count);
        Assert.Equal(
            4, requests.Select(request => request.Body.GetProperty("Segment").GetProperty("SegmentNumber").GetInt32()).Distinct().Count());
        Assert.All(
            requests,
            request => Assert.Equal(
                (1000, true),
                (request.Body.GetProperty("MaxResults").GetInt32(), request.Body.GetProperty("ExcludeColumnSchema").GetBoolean())));
        Assert.Equal(8, requests.Count(request => request.Body.TryGetProperty("NextToken", out _)));
    }

    [EmulatorTheory]
    [InlineData("string", "9 10 100", "100")]
    [InlineData("int", "9 10 100", "100")]
    [InlineData("bigint", "20251231 20260101 20250930", "20260101")]
    [InlineData("string", "20251231 20260101 __HIVE_DEFAULT_PARTITION__ zzz", "20260101")]
    [InlineData("date", "2025-12-31 2026-01-01 2024-02-29", "2026-01-01")]
    [InlineData("timestamp", "2025-12-31T23:00:00 2026-01-01T00:00:00", "2026-01-01T00:00:00")]
    public async Task SelectAsync_TypedKey_OrdersByType(string type, string values, string latest)
    {
        await CreateAsync([("k", type)], [.. values.Split(' ').Select(value => TableUpload.Partition($"s3://b/t/k={value}", value))]);

        Assert.Equal(latest, (await SelectAsync()).Candidates[0].SourcePartition);
    }

    [EmulatorFact]
    public async Task SelectAsync_YearMonthDayAsNumbers_OrdersByTheWholeTuple()
    {
        string[][] values = [["2025", "12", "31"], ["2026", "1", "2"], ["2026", "1", "10"], ["2024", "2", "29"]];
        await CreateAsync(
            [("year", "int"), ("month", "int"), ("day", "int")],
            [.. values.Select(value => TableUpload.Partition($"s3://b/{string.Join('-', value)}/", value))]);

        var latest = (await SelectAsync()).Candidates[0];

        Assert.Equal(
            ("year=2026/month=1/day=10", new DateTime(2026, 1, 10, 0, 0, 0, DateTimeKind.Utc)), (latest.SourcePartition, latest.Time));
    }

    [EmulatorTheory]
    [InlineData("string", "20251021", "20251021")]
    [InlineData("string", "2025-10-21", "20251021")]
    [InlineData("int", "20251021", "20251021")]
    public async Task SelectAsync_Pin_AsksForThePartitionAlone(string type, string pinned, string found)
    {
        await CreateAsync(
            [("k", type)], [.. Enumerable.Range(20251001, 30).Select(day => TableUpload.Partition($"s3://b/{day}/", $"{day}"))]);

        var selection = await SelectAsync($"k={pinned}");

        Assert.Equal(found, Assert.Single(selection.Candidates).SourcePartition);
        Assert.True(Assert.Single(await RequestsAsync("GetPartitions")).Body.TryGetProperty("Expression", out _));
    }

    [EmulatorFact]
    public async Task SelectAsync_PinInAnotherSpelling_FindsIt()
    {
        await CreateAsync(
            [("mes", "string")],
            [
                TableUpload.Partition("s3://b/09/", "09"), TableUpload.Partition("s3://b/19/", "19"),
                TableUpload.Partition("s3://b/8/", "8")]);

        Assert.Equal("09", Assert.Single((await SelectAsync("mes=9")).Candidates).SourcePartition);
    }

    /// <summary>
    /// The service must skip exactly what the pin skips: filtering there and here gives the same
    /// selection, for every value pinned in every spelling.
    /// </summary>
    [EmulatorFact]
    public async Task SelectAsync_AnyPin_SelectsAsFromTheWholeList()
    {
        string[] values =
        [
            "9", "09", "009", "19", "90", "-9", "-09", "0", "00", "20251022", "2025-10-22", "2025-10-22 00:00:00",
            "2025-10-22T00:00:00.000", "2025-10-22 10:00:00", "20251021", "20251399",
            "SP", "sp", "it's", "100%", "a_b", "__HIVE_DEFAULT_PARTITION__",
        ];
        await CreateAsync([("k", "string")], [.. values.Select((value, index) => TableUpload.Partition($"s3://b/{index}/", value))]);
        var all = new List<CatalogPartition>();
        await foreach (var partition in Catalog().ListPartitionsAsync(null, CancellationToken.None))
            all.Add(partition);
        var table = await Catalog().GetTableAsync(CancellationToken.None);

        foreach (var value in values.Append("nowhere"))
        {
            var pin = new PartitionPin([new PartitionValue("k", value)]);
            Assert.Equal(
                Outcome(() => PartitionSelector.Select(table, all, pin)),
                await OutcomeAsync(() => PartitionSearch.SelectAsync(Catalog(), pin, CancellationToken.None)));
        }

        Assert.Equal(values.Length, all.Count);
    }

    [EmulatorFact]
    public async Task SelectAsync_PartOfTheKeysPinned_TakesTheLatestOfTheRest()
    {
        string[][] values = [["SP", "20251021"], ["SP", "20251022"], ["RJ", "20251023"]];
        await CreateAsync(
            [("uf", "string"), ("dia", "string")],
            [.. values.Select(value => TableUpload.Partition($"s3://b/{string.Join('/', value)}", value))]);

        Assert.Equal("uf=SP/dia=20251022", (await SelectAsync("uf=SP")).Candidates[0].SourcePartition);
    }

    [EmulatorFact]
    public async Task SelectAsync_TextsPinnedWhole_GetsThePartition()
    {
        await CreateAsync([("uf", "string")], [TableUpload.Partition("s3://b/sp", "SP"), TableUpload.Partition("s3://b/rj", "RJ")]);

        Assert.Equal("s3://b/rj/", Assert.Single((await SelectAsync("uf=RJ")).Candidates).Location.ToString());
        await Assert.ThrowsAsync<PartitionException>(() => SelectAsync("uf=MG"));
        Assert.Equal([200, 400], (await RequestsAsync("GetPartition")).Select(request => request.Status));
        Assert.Empty(await RequestsAsync("GetPartitions"));
    }

    [EmulatorFact]
    public async Task SelectAsync_Locations_MayBeAnywhere()
    {
        await CreateAsync([("k", "string")],
        [
            TableUpload.Partition("s3://b/t/k=20251025", "20251025"),
            TableUpload.Partition("s3://b/elsewhere/x/", "20251024"),
            TableUpload.Partition("s3://other-bucket/y", "20251023"),
            TableUpload.Partition("s3://b/t/k=2025%2D10 22+", "20251022"),
            TableUpload.Partition("s3a://b/t/k=20251021", "20251021"),
            TableUpload.Partition("s3://other-bucket", "20251020"),
        ]);

        Assert.Equal(
            [
                "s3://b/t/k=20251025/", "s3://b/elsewhere/x/", "s3://other-bucket/y/", "s3://b/t/k=2025%2D10 22+/", "s3://b/t/k=20251021/",
                "s3://other-bucket/"],
            (await SelectAsync()).Candidates.Select(candidate => candidate.Location.ToString()));
    }

    [EmulatorFact]
    public async Task SelectAsync_TableWithoutPartitions_IsItsLocation()
    {
        await CreateAsync([], []);

        var selection = await SelectAsync();

        Assert.False(selection.IsPartitioned);
        Assert.Equal(
            ("unpartitioned", "s3://b/t/"), (selection.Candidates[0].SourcePartition, selection.Candidates[0].Location.ToString()));
        Assert.Empty(await RequestsAsync("GetPartitions"));
    }

    [EmulatorFact]
    public async Task SelectAsync_NoPartitionsYet_IsAnEmptyTable()
    {
        await CreateAsync([("k", "string")], []);

        await Assert.ThrowsAsync<PartitionException>(() => SelectAsync());
    }

    [EmulatorFact]
    public async Task SelectAsync_SpeltTwice_IsRefusedPinnedOrNot()
    {
        await CreateAsync([("mes", "string")], [TableUpload.Partition("s3://b/9/", "9"), TableUpload.Partition("s3://b/09/", "09")]);

        await Assert.ThrowsAsync<InputDataException>(() => SelectAsync());
        await Assert.ThrowsAsync<InputDataException>(() => SelectAsync("mes=09"));
    }

    [EmulatorFact]
    public async Task SelectAsync_NoSuchTable_SaysWhich()
    {
        await CreateAsync([], []);

        var table = await Assert.ThrowsAsync<ConfigurationException>(() => SelectAsync(reference: $"glue://{_database}/none"));
        var database = await Assert.ThrowsAsync<ConfigurationException>(() => SelectAsync(reference: "glue://none/t"));

        Assert.Contains("there is no such table", table.Message, StringComparison.Ordinal);
        Assert.Contains("there is no such database", database.Message, StringComparison.Ordinal);
        Assert.Contains("EntityNotFoundException (400), request ", table.Place.Actual, StringComparison.Ordinal);
    }

    [EmulatorFact]
    public async Task SelectAsync_ViewAndIceberg_AreRefused()
    {
        await CreateAsync([], []);
        await _emulator.GlueAsync(
            "CreateTable",
            new
            {
                DatabaseName = _database,
                TableInput = new { Name = "v", TableType = "VIRTUAL_VIEW", ViewOriginalText = "/* Presto View */" }
            });
        await _emulator.GlueAsync(
            "CreateTable", new
            {
                DatabaseName = _database,
                TableInput = new
                {
                    Name = "i",
                    TableType = "EXTERNAL_TABLE",
                    Parameters = new { table_type = "ICEBERG" },
                    StorageDescriptor = new { Location = "s3://b/i" }
                }
            });

        Assert.Contains(
            "a view", (await Assert.ThrowsAsync<ConfigurationException>(() => SelectAsync(reference: $"glue://{_database}/v"))).ToLine(),
            StringComparison.Ordinal);
        Assert.Contains(
            "an Iceberg table",
            (await Assert.ThrowsAsync<ConfigurationException>(() => SelectAsync(reference: $"glue://{_database}/i"))).ToLine(),
            StringComparison.Ordinal);
    }

    [EmulatorFact]
    public async Task SelectAsync_Projection_FindsTheLatestInStorage()
    {
        using var s3 = _emulator.CreateS3();
        await s3.PutBucketAsync(_database);
        foreach (var key in (string[])["p/2026/11/19/x", "p/2026/11/20/x", "p/2026/11/21/_SUCCESS"])
            await s3.PutObjectAsync(new Amazon.S3.Model.PutObjectRequest { BucketName = _database, Key = key, ContentBody = "x" });
        await TableUpload.CreateTableAsync(
            _emulator, (_database, "t"), $"s3://{_database}/unused", [("dia", "string")], new Dictionary<string, string>
            {
                ["classification"] = "parquet",
                ["projection.enabled"] = "true",
                ["projection.dia.type"] = "date",
                ["projection.dia.format"] = "yyyy/MM/dd",
                ["projection.dia.range"] = "2026/01/01,2027/12/31",
                ["storage.location.template"] = $"s3://{_database}/p/${{dia}}",
            });

        var selection = await SelectAsync();

        Assert.Equal(["2026/11/20", "2026/11/19"], selection.Candidates.Select(candidate => candidate.SourcePartition));
        Assert.Equal($"s3://{_database}/p/2026/11/20/", selection.Candidates[0].Location.ToString());
        Assert.Empty(await RequestsAsync("GetPartitions"));
    }

    public void Dispose()
    {
        _catalogs?.Dispose();
        _access?.Dispose();
    }

    private async Task CreateAsync((string Name, string Type)[] keys, object[] partitions)
    {
        await TableUpload.CreateTableAsync(_emulator, (_database, "t"), "s3://b/t", keys);
        await TableUpload.CreatePartitionsAsync(_emulator, (_database, "t"), partitions);
    }

    private Task<PartitionSelection> SelectAsync(string? pin = null, string? reference = null) =>
        PartitionSearch.SelectAsync(Catalog(reference), GlueScene.PinOf(pin), CancellationToken.None);

    private IPartitionCatalog Catalog(string? reference = null)
    {
        _access ??= new AwsAccess(
            new AwsSettings { Region = EmulatorFixture.Region, EndpointUrl = _emulator.Address.ToString(), PathStyle = true },
            new RunProgress(), s_patient, TimeProvider.System, new BasicAWSCredentials(_database, "secret"));
        _catalogs ??= new GlueCatalogs(_access, new S3StoreProvider(_access, new S3Tuning()), TimeProvider.System);
        return _catalogs.Open(reference ?? $"glue://{_database}/t");
    }

    private static string Outcome(Func<PartitionSelection> select) => OutcomeAsync(() => Task.FromResult(select())).Result;

    private static async Task<string> OutcomeAsync(Func<Task<PartitionSelection>> select)
    {
        try
        {
            return string.Join(' ', (await select()).Candidates.Select(candidate => candidate.Location));
        }
        catch (IdExtractorException error)
        {
            return $"{error.ExitCode} {error.Message}";
        }
    }

    private async Task<IReadOnlyList<LoggedRequest>> RequestsAsync(string operation) =>
        [.. (await _emulator.RequestsAsync(_database)).Where(request => request.Operation == operation)];
}
