using System.Security.Cryptography;
using Amazon.Runtime;
using IdExtractor.Aws.Connection;
using IdExtractor.Aws.Requests;
using IdExtractor.Aws.S3;
using IdExtractor.Core.Catalog;
using IdExtractor.Core.Job;
using IdExtractor.Core.Pipeline;
using IdExtractor.Core.Report;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.S3;

namespace IdExtractor.Aws.Tests.Faults;

/// <summary>
/// Whole runs against a <see cref="FaultServer"/>: the samples as tables, small sizes and times so
/// that rare paths are reached soon.
/// </summary>
internal sealed class FaultedRun : IDisposable
{
    public const string Active = "out/active/latest.txt.gz";

    private static readonly string s_samples = FindSamples();

    private HeardRun _heard = new();
    private int _runs;

    public FaultedRun()
    {
        foreach (var table in (string[])["a", "b"])
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(s_samples, table), "*.parquet", SearchOption.AllDirectories))
                Server.Bucket.Put(Path.GetRelativePath(s_samples, file).Replace('\\', '/'), File.ReadAllBytes(file));
        }
    }

    public FaultServer Server { get; } = new();

    public RunProgress Progress { get; private set; } = new();

    public AWSCredentials Credentials { get; set; } = new BasicAWSCredentials("key", "secret");

    public AwsSettings Settings { get; set; } = new() { Region = "us-east-1" };

    public RequestTuning Tuning { get; set; } = new()
    {
        Retry = new()
        {
            MaxAttempts = 4,
            Budget = 100,
            FirstDelay = TimeSpan.FromMilliseconds(1),
            LongestDelay = TimeSpan.FromMilliseconds(2)
        },
        ReplyTimeout = TimeSpan.FromSeconds(10),
        SilenceTimeout = TimeSpan.FromSeconds(10),
    };

    public S3Tuning Sizes { get; set; } = new();

    /// <summary>What the last run warned of.</summary>
    public IReadOnlyList<string> Warnings => _heard.Warnings;

    /// <summary>Names of what happened in the last run.</summary>
    public IReadOnlyList<string> Notes => _heard.Notes;

    /// <summary>Remains of killed runs that the last run removed and left, by its counts.</summary>
    public (long Removed, long Left) Remains => (_heard.Count(RunCount.RemainsRemoved), _heard.Count(RunCount.RemainsLeft));

    /// <summary>The active object; null when there is none.</summary>
    public FaultObject? ActiveObject => Server.Find(Active);

    /// <summary>Extracts, and returns what a process would end with.</summary>
    public async Task<ExitCode> ExtractAsync(PublishGuards? guards = null, CancellationToken cancellationToken = default)
    {
        Error = null;
        (Progress, _heard) = (new RunProgress(), new HeardRun());
        try
        {
            await RunAsync(guards, null, Progress, _heard, cancellationToken);
            return ExitCode.Done;
        }
        catch (IdExtractorException error)
        {
            Error = error;
            return error.ExitCode;
        }
    }

    /// <summary>Extracts one partition while other runs are active.</summary>
    public async Task<ExitCode> TryAsync(string partition, PublishGuards guards)
    {
        try
        {
            await RunAsync(
                guards, new PartitionPin([new PartitionValue("ano_mes_dia", partition)]), new RunProgress(), new HeardRun(),
                CancellationToken.None);
            return ExitCode.Done;
        }
        catch (IdExtractorException error)
        {
            return error.ExitCode;
        }
    }

    /// <summary>Checks the active object against its metadata.</summary>
    public void AssertWhole()
    {
        var active = ActiveObject;
        Assert.NotNull(active);
        Assert.Equal(active.Metadata["x-amz-meta-gz_sha256"], Convert.ToHexStringLower(SHA256.HashData(active.Bytes)));
    }

    /// <summary>Extracts, and demands how that ends.</summary>
    public async Task ExpectAsync(ExitCode expected)
    {
        var ended = await ExtractAsync();
        Assert.True(ended == expected, $"{ended} in place of {expected}: {Error?.ToLine()}");
    }

    /// <summary>What ended the last run.</summary>
    public IdExtractorException? Error { get; private set; }

    public void Dispose() => Server.Dispose();

    private async Task<RunResult> RunAsync(
        PublishGuards? guards, PartitionPin? partition, RunProgress progress, IRunObserver observer, CancellationToken cancellationToken)
    {
        using var access = new AwsAccess(
            Settings with { EndpointUrl = Server.Address, PathStyle = true }, progress, Tuning, TimeProvider.System, Credentials, observer);
        var stores = new S3StoreProvider(access, Sizes);
        var pipeline = new ExtractionPipeline(new PipelineServices
        {
            Stores = stores,
            CatalogOf = reference => new HivePartitionCatalog(stores.OpenFolder(reference)),
            Clock = TimeProvider.System,
            Progress = progress,
            Observer = observer,
            RunId = $"run{Interlocked.Increment(ref _runs)}",
            ToolVersion = "1.0",
        });
        var settings = new ExtractionSettings
        {
            TableA = "s3://bucket/a/",
            TableB = "s3://bucket/b/",
            Output = "s3://bucket/out/",
            PartitionB = partition,
            Guards = guards ?? new PublishGuards(),
            Threads = 2,
        };
        return await pipeline.ExtractAsync(settings, cancellationToken);
    }

    private static string FindSamples()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "IdExtractor.sln")))
                return Path.Combine(folder.FullName, "samples");
        }

        throw new DirectoryNotFoundException("The samples are not above the tests.");
    }
}
