using Amazon.S3;
using Amazon.S3.Model;
using IdExtractor.Aws.Tests.Emulator;
using IdExtractor.Core.Catalog;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage.Local;

namespace IdExtractor.Aws.Tests.Jobs;

/// <summary>Tables in local folders, brought to the emulator.</summary>
internal static class TableUpload
{
    /// <summary>
    /// Every file of a folder, hidden and empty ones too, under the names that they have on disk.
    /// </summary>
    public static async Task CopyAsync(AmazonS3Client s3, string folder, string bucket, string prefix)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var key = prefix + Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
            await s3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, FilePath = file, UseChunkEncoding = false });
        }
    }

    /// <summary>
    /// The table as a crawler would register it: keys, values and a Location for each partition.
    /// Some Locations end with a slash and some do not.
    /// </summary>
    /// <param name="emulator">Where.</param>
    /// <param name="name">Database and table.</param>
    /// <param name="folder">The local folder that was copied.</param>
    /// <param name="location">Where it was copied to, with a slash at its end.</param>
    /// <param name="keyType">Type of the keys.</param>
    public static async Task RegisterAsync(
        EmulatorFixture emulator, (string Database, string Table) name, string folder, string location, string keyType = "string")
    {
        var catalog = new HivePartitionCatalog(new LocalStoreProvider().OpenFolder(folder));
        var table = await catalog.GetTableAsync(CancellationToken.None);
        var partitions = new List<object>();
        if (table.PartitionKeys.Count > 0)
        {
            await foreach (var partition in catalog.ListPartitionsAsync(null, CancellationToken.None))
            {
                var place = location + partition.Location.Prefix;
                partitions.Add(
                    new
                    {
                        Values = ValuesOf(partition.Values),
                        StorageDescriptor = Storage(partitions.Count % 2 == 0 ? place : place.TrimEnd('/'))
                    });
            }
        }

        await CreateTableAsync(emulator, name, location.TrimEnd('/'), [.. table.PartitionKeys.Select(key => (key, keyType))]);
        await CreatePartitionsAsync(emulator, name, partitions);
    }

    /// <summary>A table of Parquet files, as Spark and Athena create it.</summary>
    public static async Task CreateTableAsync(
        EmulatorFixture emulator, (string Database, string Table) name, string location, (string Name, string Type)[] keys,
        Dictionary<string, string>? parameters = null)
    {
        await emulator.GlueAsync("CreateDatabase", new { DatabaseInput = new { Name = name.Database } });
        var (status, answer) = await emulator.GlueAsync("CreateTable", new
        {
            DatabaseName = name.Database,
            TableInput = new
            {
                Name = name.Table,
                TableType = "EXTERNAL_TABLE",
                PartitionKeys = keys.Select(key => new { key.Name, key.Type }),
                StorageDescriptor = Storage(location),
                Parameters = parameters ?? new Dictionary<string, string> { ["classification"] = "parquet" },
            },
        });
        Assert.True(status == 200, $"CreateTable: {answer}");
    }

    /// <summary>Registers partitions, a page a call.</summary>
    public static async Task CreatePartitionsAsync(
        EmulatorFixture emulator, (string Database, string Table) name, IEnumerable<object> partitions)
    {
        foreach (var some in partitions.Chunk(1000))
        {
            var (status, answer) = await emulator.GlueAsync(
                "BatchCreatePartition", new { DatabaseName = name.Database, TableName = name.Table, PartitionInputList = some });
            Assert.True(status == 200 && !answer.TryGetProperty("Errors", out _), $"BatchCreatePartition: {answer}");
        }
    }

    /// <summary>A partition.</summary>
    public static object Partition(string location, params string[] values) =>
        new { Values = values, StorageDescriptor = Storage(location) };

    private static object Storage(string location) => new
    {
        Location = location,
        InputFormat = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        OutputFormat = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        SerdeInfo = new { SerializationLibrary = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" },
        Columns = new[] { new { Name = "documento", Type = "string" }, new { Name = "id", Type = "string" } },
    };

    private static string[] ValuesOf(IReadOnlyList<PartitionValue> values) => [.. values.Select(value => value.Value)];
}
