using IdExtractor.Aws.S3;
using IdExtractor.Aws.Tests.Emulator;
using IdExtractor.Aws.Tests.Jobs;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.Programs;

namespace IdExtractor.Aws.Tests.Permissions;

/// <summary>
/// The README's policy against the calls that runs made, as the server's log has them: none
/// missing, none unused.
/// </summary>
public sealed class AccessPolicyTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    private static readonly string s_samples = Path.Combine(RepositoryRoot.Path, "samples");

    [EmulatorFact]
    public async Task Policy_CallsOfRuns_AreThoseThatItAllows()
    {
        var (tables, ids, database) = (
            EmulatorFixture.NewName("tables"), EmulatorFixture.NewName("ids"), EmulatorFixture.NewName("database"));
        await SetSceneAsync(tables, ids, database);
        var keys = new[] { EmulatorFixture.NewName("process"), EmulatorFixture.NewName("parts") };

        // The emulator and the credentials come by environment, as in a container.
        var environment = new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = keys[0],
            ["AWS_SECRET_ACCESS_KEY"] = "secret",
            ["AWS_REGION"] = EmulatorFixture.Region,
            ["IDEXTRACTOR_ENDPOINT_URL"] = emulator.Address.ToString(),
            ["IDEXTRACTOR_PATH_STYLE"] = "true",
        };
        var end = await BuiltProgram.RunAsync(
            environment, "extract", "--table-a", $"glue://{database}/a", "--table-b", $"glue://{database}/b", "--output",
            $"s3://{ids}/daily/");
        Assert.True(end.ExitCode == 0, end.Said);
        await RunInPartsAsync(keys[1], ids, database);

        var policy = AccessPolicy.OfReadme(("my-tables", tables), ("my-ids", ids), ("my_database", database));
        var requests = (await Task.WhenAll(keys.Select(emulator.RequestsAsync))).SelectMany(logged => logged).ToArray();
        Assert.Empty(requests.SelectMany(policy.Use).Distinct());
        Assert.Empty(policy.Unused);
        Assert.Superset(
            new HashSet<string> { "GetTable", "GetPartitions", "GetPartition", "ListObjectsV2", "ListMultipartUploads",
                "GetObject", "HeadObject", "PutObject", "CopyObject", "UploadPart", "UploadPartCopy", "AbortMultipartUpload" },
            requests.Select(request => request.Operation).ToHashSet());
    }

    private async Task SetSceneAsync(string tables, string ids, string database)
    {
        using var s3 = emulator.CreateS3();
        await s3.PutBucketAsync(tables);
        await s3.PutBucketAsync(ids);
        foreach (var table in (string[])["a", "b"])
        {
            await TableUpload.CopyAsync(s3, Path.Combine(s_samples, table), tables, table + "/");
            await TableUpload.RegisterAsync(emulator, (database, table), Path.Combine(s_samples, table), $"s3://{tables}/{table}/");
        }

        await TableUpload.CreateTableAsync(emulator, (database, "by_name"), $"s3://{tables}/b", [("name", "string")]);
        await TableUpload.CreatePartitionsAsync(
            emulator, (database, "by_name"), [TableUpload.Partition($"s3://{tables}/b/ano_mes_dia=20251022", "latest")]);
    }

    /// <summary>
    /// Calls that only large files and failures cause: uploads and copies in parts, and an upload
    /// that is given up. Also the partition of a text key, and the other commands.
    /// </summary>
    private async Task RunInPartsAsync(string key, string ids, string database)
    {
        using var engine = new JobEngine(
            emulator, key, new S3Tuning { MaxPutBytes = 3, PartBytes = 5 << 20, MaxCopyBytes = 3, CopyPartBytes = 5 << 20 });
        var output = $"s3://{ids}/daily/";
        string[] tables = ["--table-a", $"glue://{database}/a", "--table-b", $"glue://{database}/by_name", "--partition", "name=latest"];
        Assert.Equal(ExitCode.Done, (await engine.RunAsync(["extract", .. tables, "--output", output, "--allow-older"])).ExitCode);
        Assert.Equal(ExitCode.Done, (await engine.RunAsync(["plan", .. tables])).ExitCode);
        Assert.Equal(ExitCode.Done, (await engine.RunAsync("verify", "--output", output)).ExitCode);

        await GiveUpAsync(engine.Stores.OpenOutput(output));
    }

    /// <summary>
    /// An upload whose key another writer takes first, and a copy whose destination it takes: both
    /// are in parts, and given up.
    /// </summary>
    private static async Task GiveUpAsync(IObjectStore store)
    {
        var none = ObjectInfo.EmptyMetadata;
        await using var late = await store.CreateAsync("stage/taken", new WriteOptions { OnlyIfAbsent = true }, CancellationToken.None);
        await late.AppendAsync(new byte[8], CancellationToken.None);
        await using var early = await store.CreateAsync("stage/taken", new WriteOptions(), CancellationToken.None);
        await early.AppendAsync(new byte[9], CancellationToken.None);
        var first = await early.CompleteAsync(none, CancellationToken.None);
        await Assert.ThrowsAsync<ObjectExistsException>(async () => await late.CompleteAsync(none, CancellationToken.None));

        var copy = new CopyOptions { Metadata = none, ExpectedDestination = Destination.Absent };
        await store.CopyAsync("stage/taken", first.Stamp, "active/taken", copy, CancellationToken.None);
        await Assert.ThrowsAsync<ObjectChangedException>(
            async () => await store.CopyAsync("stage/taken", first.Stamp, "active/taken", copy, CancellationToken.None));
    }
}
