using IdExtractor.Aws.S3;
using IdExtractor.Aws.Tests.Emulator;
using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.Programs;

namespace IdExtractor.Aws.Tests.Jobs;

/// <summary>
/// The reads and copies that <c>plan</c> forecasts, and those that <c>extract</c> then sends to the
/// emulator.
/// </summary>
public sealed class RequestForecastTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>
{
    private static readonly string s_samples = Path.Combine(RepositoryRoot.Path, "samples");

    [EmulatorTheory]
    [InlineData("s3")]
    [InlineData("glue")]
    public async Task Forecast_OfTheSamples_IsWhatARunSends(string scheme)
    {
        var bucket = EmulatorFixture.NewName("forecast");
        using var s3 = emulator.CreateS3();
        await s3.PutBucketAsync(bucket);
        foreach (var table in (string[])["a", "b"])
        {
            await TableUpload.CopyAsync(s3, Path.Combine(s_samples, table), bucket, table + "/");
            if (scheme == "glue")
                await TableUpload.RegisterAsync(emulator, (bucket, table), Path.Combine(s_samples, table), $"s3://{bucket}/{table}/");
        }

        var place = scheme == "glue" ? $"glue://{bucket}/" : $"s3://{bucket}/";
        string[] tables = ["--table-a", place + "a", "--table-b", place + "b"];
        using var planner = new JobEngine(emulator, bucket, new S3Tuning());
        using var runner = new JobEngine(emulator, bucket, new S3Tuning());

        var plan = await planner.RunAsync(["plan", .. tables]);
        var run = await runner.RunAsync(["extract", .. tables, "--output", $"s3://{bucket}/out/"]);

        Assert.Equal((ExitCode.Done, ExitCode.Done), (plan.ExitCode, run.ExitCode));
        var forecast = plan.Result!.Plan!.Forecast!;
        RequestKind[] kinds = [RequestKind.Get, RequestKind.Copy];
        Assert.Equal(kinds.Select(kind => (kind, runner.Progress.RequestsOf(kind))), kinds.Select(kind => (kind, forecast.Count(kind))));
        Assert.True(runner.Progress.RequestsOf(RequestKind.Get) > 6, "the tables were read by requests");
    }
}
