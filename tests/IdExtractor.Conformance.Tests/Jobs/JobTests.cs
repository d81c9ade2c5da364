using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using IdExtractor.Testing.Programs;

namespace IdExtractor.Conformance.Tests.Jobs;

/// <summary>
/// Whole jobs by the built program: exit code, published and staged text, metadata, counts in the
/// report, and no document in any output.
/// </summary>
public sealed partial class JobTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Dictionary<string, JobCase>> s_cases = new(
        () => JobCase.LoadAll().ToDictionary(job => job.Name, StringComparer.Ordinal));

    private readonly string _folder = Directory.CreateTempSubdirectory("idextractor-job-").FullName;

    public static TheoryData<string> Names => [.. s_cases.Value.Keys];

    private string Active => Path.Combine(_folder, "out", "active", "latest.txt.gz");

    private string Report => Path.Combine(_folder, "report.json");

    [JobTheory]
    [MemberData(nameof(Names))]
    public async Task Extract_Job_EndsAsExpected(string name)
    {
        var job = s_cases.Value[name];
        var end = await RunAsync(job);

        Assert.True(
            job.Expect.ExitCode == end.ExitCode,
            $"{job.Exercises}: exit code {end.ExitCode} instead of {job.Expect.ExitCode}; it said: {end.Said}");
        Assert.DoesNotMatch(Document(), end.Said.Replace(TestInput.Jobs.Path(name), "", StringComparison.Ordinal));
        Assert.All(job.Expect.Mentions, mention => Assert.Contains(mention, end.Said, StringComparison.OrdinalIgnoreCase));
        if (File.Exists(Report))
            Assert.DoesNotMatch(Document(), await File.ReadAllTextAsync(Report));
        if (job.Expect.Outcome == "error")
        {
            Assert.False(File.Exists(Active), "an active file was written");
            return;
        }

        AssertPublished(job);
        AssertCounted(job.Expect);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<ProcessEnd> RunAsync(JobCase job)
    {
        string[] tables = [
            "--table-a", TestInput.Jobs.Path(job.Name, "a"), "--table-b", TestInput.Jobs.Path(job.Name, "b"), "--output",
            Path.Combine(_folder, "out")
        ];
        string[] words = [.. TestedProgram.Command("idextractor"), "extract", .. tables, .. job.Args, "--report", Report];
        return ChildProcess.RunAsync(words[0], words[1..], s_limit);
    }

    private void AssertPublished(JobCase job)
    {
        var text = Unpack(TestInput.Jobs.Path(job.Name, "expected.txt.gz"));
        var stage = Assert.Single(Directory.EnumerateFiles(Path.Combine(_folder, "out", "stage"), "stage_*.txt.gz"));
        Assert.Matches(StageName(), Path.GetFileName(stage));
        foreach (var file in (string[])[Active, stage])
        {
            var gzip = File.ReadAllBytes(file);
            Assert.Equal("1F8B080000000000", Convert.ToHexString(gzip.AsSpan(0, 8)));
            Assert.True(text.AsSpan().SequenceEqual(Unpack(file)), $"{Path.GetFileName(file)} holds another text");
            Assert.Equal(1, Members(gzip));
        }

        var metadata = Metadata(Active + ".metadata.json");
        Assert.Equal($"{job.Expect.TotalIds}", metadata("total_ids"));
        Assert.Equal(job.Expect.Md5, metadata("md5_checksum"));
        Assert.Equal(job.Expect.Partition, metadata("source_partition"));
    }

    private void AssertCounted(JobExpectation expected)
    {
        using var report = JsonDocument.Parse(File.ReadAllBytes(Report));
        var counters = report.RootElement.GetProperty("counters");
        long Count(string name) => counters.GetProperty(name).GetInt64();
        Assert.Equal(
            (expected.Rows, expected.MatchedRows, expected.NullIdsDropped, expected.TotalIds),
            (Count("rows_total"), Count("rows_matched"), Count("null_ids_dropped"), Count("distinct_ids")));
        Assert.Equal((expected.ARows, expected.ARejected, expected.AKeys), (Count("key_rows"), Count("keys_rejected"), Count("keys")));
        Assert.Equal(expected.NullDocumento, Count("null_documents"));
    }

    private static Func<string, string?> Metadata(string file)
    {
        var root = JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;
        var values = root.TryGetProperty("metadata", out var inner) ? inner : root;
        return name => values.GetProperty(name).GetString();
    }

    private static byte[] Unpack(string file)
    {
        using var text = new MemoryStream();
        using var gzip = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        gzip.CopyTo(text);
        return text.ToArray();
    }

    /// <summary>
    /// Counts by what every member ends with: the length of its text, which only the last four
    /// bytes of a single member can give for the whole.
    /// </summary>
    private static int Members(byte[] gzip)
    {
        using var text = new MemoryStream();
        using (var stream = new GZipStream(new MemoryStream(gzip), CompressionMode.Decompress))
            stream.CopyTo(text);
        return BitConverter.ToUInt32(gzip, gzip.Length - 4) == text.Length ? 1 : 2;
    }

    [GeneratedRegex("(?<![0-9])000[0-9]{11}(?![0-9])")]
    private static partial Regex Document();

    [GeneratedRegex(@"^stage_\d{8}_\d{6}.*\.txt\.gz$")]
    private static partial Regex StageName();
}
