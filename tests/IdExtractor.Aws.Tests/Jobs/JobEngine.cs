using Amazon.Runtime;
using IdExtractor.Aws.Connection;
using IdExtractor.Aws.Glue;
using IdExtractor.Aws.Requests;
using IdExtractor.Aws.S3;
using IdExtractor.Aws.Tests.Emulator;
using IdExtractor.Cli;
using IdExtractor.Cli.Options;
using IdExtractor.Core.Catalog;
using IdExtractor.Core.Job;
using IdExtractor.Core.Pipeline;
using IdExtractor.Core.Report;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.Tests.Jobs;

/// <summary>
/// The engine on the emulator, in this process: the words of a command line become a result or an
/// error as they do in the program.
/// </summary>
internal sealed class JobEngine : IDisposable
{
    private readonly AwsAccess _access;
    private readonly GlueCatalogs _catalogs;
    private readonly Engine _engine;

    /// <param name="emulator">Where it runs.</param>
    /// <param name="accessKey">Signs the requests.</param>
    /// <param name="tuning">Sizes of S3 requests.</param>
    public JobEngine(EmulatorFixture emulator, string accessKey, S3Tuning tuning)
    {
        var settings = new AwsSettings { Region = EmulatorFixture.Region, EndpointUrl = emulator.Address.ToString(), PathStyle = true };
        _access = new AwsAccess(settings, Progress, new RequestTuning(), TimeProvider.System, new BasicAWSCredentials(accessKey, "secret"));
        Stores = new S3StoreProvider(_access, tuning);
        _catalogs = new GlueCatalogs(_access, Stores, TimeProvider.System);
        _engine = new Engine(new PipelineServices
        {
            Stores = Stores,
            CatalogOf = reference => AddressScheme.IsGlue(reference)
                ? _catalogs.Open(reference)
                : new HivePartitionCatalog(Stores.OpenFolder(reference)),
            Clock = TimeProvider.System,
            Progress = Progress,
            Observer = new RunRecorder(TimeProvider.System),
            RunId = EmulatorFixture.NewName("run"),
            ToolVersion = "test",
        });
    }

    public S3StoreProvider Stores { get; }

    public RunProgress Progress { get; } = new();

    /// <summary>Runs a command to its end.</summary>
    public async Task<JobEnd> RunAsync(params string[] words)
    {
        try
        {
            var (command, typed) = CommandLine.Read(words);
            var values = OptionValues.Gather(command!, typed, _ => null);
            if (values.Problem is { } problem)
                throw problem;
            var result = await command!.Bind(values).RunAsync(_engine, CancellationToken.None);
            return new JobEnd(ExitCode.Done, "") { Result = result };
        }
        catch (Exception error)
        {
            var failure = Failure.Of(error, null);
            return new JobEnd(failure.ExitCode, failure.ExitCode == ExitCode.Bug ? error.ToString() : failure.Line);
        }
    }

    public void Dispose()
    {
        _catalogs.Dispose();
        _access.Dispose();
    }
}

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">What the process would end with.</param>
/// <param name="Said">The error in one line; empty when there is none.</param>
internal sealed record JobEnd(ExitCode ExitCode, string Said)
{
    /// <summary>What it found; null after an error.</summary>
    public RunResult? Result { get; init; }
}
