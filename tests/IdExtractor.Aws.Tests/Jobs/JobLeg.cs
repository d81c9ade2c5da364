using System.IO.Compression;
using System.Text.RegularExpressions;
using Amazon.S3;
using Amazon.S3.Model;
using IdExtractor.Aws.S3;
using IdExtractor.Aws.Tests.Emulator;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.Programs;

namespace IdExtractor.Aws.Tests.Jobs;

/// <summary>
/// Whole jobs on the emulator: exit code, published and staged text, metadata, counts, and no
/// document in any output.
/// </summary>
public abstract partial class JobLeg(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    private static readonly Lazy<Dictionary<string, JobCase>> s_cases = new(
        () => JobCase.LoadAll().ToDictionary(job => job.Name, StringComparer.Ordinal));

    public static TheoryData<string> Names => [.. s_cases.Value.Keys];

    protected EmulatorFixture Emulator => emulator;

    /// <summary>Says where the tables of a case are, once they have been copied.</summary>
    /// <param name="job">The local folder of the case.</param>
    /// <param name="bucket">The bucket that has the tables under <c>a/</c> and <c>b/</c>.</param>
    protected abstract Task<(string A, string B)> TablesAsync(string job, string bucket);

    [JobTheory]
    [MemberData(nameof(Names))]
    public async Task Extract_Job_EndsAsExpected(string name)
    {
        var job = s_cases.Value[name];
        var bucket = EmulatorFixture.NewName("job");
        using var s3 = emulator.CreateS3();
        await s3.PutBucketAsync(bucket);
        await TableUpload.CopyAsync(s3, TestInput.Jobs.Path(name, "a"), bucket, "a/");
        await TableUpload.CopyAsync(s3, TestInput.Jobs.Path(name, "b"), bucket, "b/");
        var (a, b) = await TablesAsync(TestInput.Jobs.Path(name), bucket);
        using var engine = new JobEngine(emulator, bucket, new S3Tuning());

        var end = await engine.RunAsync(["extract", "--table-a", a, "--table-b", b, "--output", $"s3://{bucket}/out/", .. job.Args]);

        Assert.True(
            job.Expect.ExitCode == (int)end.ExitCode,
            $"{job.Exercises}: exit code {(int)end.ExitCode} instead of {job.Expect.ExitCode}; it said: {end.Said}");
        Assert.DoesNotMatch(Document(), end.Said);
        Assert.All(job.Expect.Mentions, mention => Assert.Contains(mention, end.Said, StringComparison.OrdinalIgnoreCase));
        var written = (
            await s3.ListObjectsV2Async(
                new ListObjectsV2Request { BucketName = bucket, Prefix = "out/" })).S3Objects?.Select(item => item.Key).ToArray()
            ?? [];
        if (end.ExitCode != ExitCode.Done)
        {
            Assert.DoesNotContain("out/active/latest.txt.gz", written);
            return;
        }

        Assert.Equal("out/active/latest.txt.gz", written[0]);
        Assert.Matches(StageName(), Assert.Single(written[1..]));
        await AssertPublishedAsync(s3, bucket, written, job);
        Assert.Equal((job.Expect.Rows, job.Expect.MatchedRows, job.Expect.NullDocumento, job.Expect.NullIdsDropped),
            (engine.Progress.RowsTotal, engine.Progress.RowsMatched, engine.Progress.NullDocuments, engine.Progress.NullIdsDropped));
    }

    private static async Task AssertPublishedAsync(AmazonS3Client s3, string bucket, string[] keys, JobCase job)
    {
        var expected = Unpack(await File.ReadAllBytesAsync(TestInput.Jobs.Path(job.Name, "expected.txt.gz")));
        foreach (var key in keys)
        {
            using var found = await s3.GetObjectAsync(bucket, key);
            using var bytes = new MemoryStream();
            await found.ResponseStream.CopyToAsync(bytes);
            Assert.True(expected.AsSpan().SequenceEqual(Unpack(bytes.ToArray())), $"{key} holds another text");
            Assert.Equal($"{job.Expect.TotalIds}", found.Metadata["total_ids"]);
            Assert.Equal(job.Expect.Md5, found.Metadata["md5_checksum"]);
            Assert.Equal(job.Expect.Partition, found.Metadata["source_partition"]);
        }
    }

    private static byte[] Unpack(byte[] gzip)
    {
        using var text = new MemoryStream();
        using var stream = new GZipStream(new MemoryStream(gzip), CompressionMode.Decompress);
        stream.CopyTo(text);
        return text.ToArray();
    }

    [GeneratedRegex("(?<![0-9])000[0-9]{11}(?![0-9])")]
    private static partial Regex Document();

    [GeneratedRegex(@"^out/stage/stage_\d{8}_\d{6}.*\.txt\.gz$")]
    private static partial Regex StageName();
}

/// <summary>The tables are folders in S3.</summary>
public sealed class S3JobTests(EmulatorFixture emulator) : JobLeg(emulator)
{
    protected override Task<(string A, string B)> TablesAsync(string job, string bucket) =>
        Task.FromResult(($"s3://{bucket}/a/", $"s3://{bucket}/b"));
}

/// <summary>The tables are registered in the Data Catalog.</summary>
public sealed class GlueJobTests(EmulatorFixture emulator) : JobLeg(emulator)
{
    protected override async Task<(string A, string B)> TablesAsync(string job, string bucket)
    {
        foreach (var table in (string[])["a", "b"])
            await TableUpload.RegisterAsync(Emulator, (bucket, table), Path.Combine(job, table), $"s3://{bucket}/{table}/");
        return ($"glue://{bucket}/a", $"glue://{bucket}/b");
    }
}
