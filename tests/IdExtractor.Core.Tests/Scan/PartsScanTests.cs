using System.IO.Compression;
using System.Text;
using IdExtractor.Core.Collect;
using IdExtractor.Core.Job;
using IdExtractor.Core.Plan;
using IdExtractor.Core.Scan;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Errors;
using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.Scan;

/// <summary>Text and CSV parts of another engine, from their files to ids.</summary>
public sealed class PartsScanTests : IDisposable
{
    private readonly TempFolder _parts = new();

    public void Dispose() => _parts.Dispose();

    [Theory]
    [InlineData("part-0.txt", "B\nA\n", "A B")]
    [InlineData("part-0", "\uFEFFA\nB", "A B")]
    [InlineData("part-0.txt", "A\r\nB\r\n", "A B")]
    [InlineData("part-0.txt", "id\nA\n", "A id")]
    [InlineData("part-0.txt", "\"A\"\n", "\"A\"")]
    [InlineData("part-0.csv", "id\nA\nB\n", "A B")]
    [InlineData("part-0.CSV", "\"id\"\r\n\"A\"\r\n\"B\"\r\n", "A B")]
    [InlineData("part-0.csv", "\uFEFFnome,ID\n\"Silva, A.\",A\n\"Souza \"\"B\"\"\",B\n", "A B")]
    [InlineData("part-0.csv", "id;nome\nA;x\n", "A")]
    [InlineData("part-0.csv", "id\n\"A\"\"1\"\n\nB,2\n", "A\"1 B,2")]
    [InlineData("part-0.tsv", "nome\tid\nx\tA\n", "A")]
    public async Task Read_Text_GivesIdsWithoutFormatting(string name, string text, string ids)
    {
        Write(name, Encoding.UTF8.GetBytes(text));
        Write("gzip-" + name + ".gz", Gzip(text));

        Assert.Equal(ids.Split(' ').Order(StringComparer.Ordinal), await ReadAsync());
    }

    [Theory]
    [InlineData("A\nB\n")]
    [InlineData("conta\nA\n")]
    [InlineData("nome,conta\nx,A\n")]
    public async Task Read_CsvWithoutTheColumn_IsRefusedWithoutItsText(string text)
    {
        Write("part-0.csv", Encoding.UTF8.GetBytes(text));

        var error = await Assert.ThrowsAsync<InputDataException>(() => ReadAsync());

        Assert.Equal("id", error.Place.Column);
        Assert.Contains("--id-column", error.Advice, StringComparison.Ordinal);
        Assert.DoesNotContain("conta", error.ToLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id\n\"A\nB\"\n", "line break")]
    [InlineData("id\n\"\"\n", "null or empty")]
    public async Task Read_CsvWithABadId_IsRefused(string text, string problem)
    {
        Write("part-0.csv", Encoding.UTF8.GetBytes(text));

        Assert.Contains(problem, (await Assert.ThrowsAsync<InputDataException>(() => ReadAsync())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("part-0.json")]
    [InlineData("part-0.json.gz")]
    [InlineData("part-0.csv.bz2")]
    [InlineData("part-0.txt.snappy")]
    [InlineData("part-0.ORC")]
    public async Task Plan_OtherFormat_IsRefused(string name)
    {
        Write(name, [.. "{\"id\":\"A\"}\n"u8]);

        var error = await Assert.ThrowsAsync<UnsupportedFileException>(() => ReadAsync());

        Assert.EndsWith(name, error.Place.Object, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_CompressedUnderAnotherName_IsRefused()
    {
        Write("part-0", Gzip("A\n"));

        Assert.Contains("gzipped", (await Assert.ThrowsAsync<CorruptFileException>(() => ReadAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_EmptyPart_IsAWarning()
    {
        Write("part-0.txt", [.. "A\n"u8]);
        Write("part-1.txt", []);
        Write("_SUCCESS", []);

        var parts = await PlanAsync();

        Assert.EndsWith("part-1.txt", Assert.Single(parts.Skipped, item => item.IsWarning).Name, StringComparison.Ordinal);
    }

    private static byte[] Gzip(string text)
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }

    private void Write(string name, byte[] bytes) => File.WriteAllBytes(_parts.At(name), bytes);

    private Task<IdParts> PlanAsync() =>
        new PartsPlanner(ParquetLimits.Default, 1 << 20).PlanAsync(new LocalStoreProvider(), _parts.Path, "id", CancellationToken.None);

    private async Task<List<string>> ReadAsync()
    {
        var parts = await PlanAsync();
        using var collector = new IdCollector(
            new IdCollectorOptions { MemoryBudget = IdCollectorOptions.MinBytesPerShard, Shards = 1, TempRoot = Path.GetTempPath() });
        await PartsScan.RunAsync(
            parts, collector.CreateShard(), NullIdPolicy.Fail, new RunProgress(), new MemoryBudget(1 << 20), CancellationToken.None);
        using var ids = collector.Complete();
        var found = new List<string>();
        while (ids.TryNext(out var id))
            found.Add(Encoding.UTF8.GetString(id));
        return found;
    }
}
