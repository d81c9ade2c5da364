using Amazon.Runtime;
using IdExtractor.Aws.Connection;
using IdExtractor.Aws.Requests;
using IdExtractor.Aws.S3;
using IdExtractor.Aws.Tests.Emulator;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Testing.Contract;

namespace IdExtractor.Aws.Tests.S3;

/// <summary>
/// The contract of all stores, kept by S3 over real HTTP. Each test has a bucket of its own.
/// </summary>
public abstract class S3Contract(
    EmulatorFixture emulator, string root,
    S3Tuning tuning) : ObjectStoreContract, IClassFixture<EmulatorFixture>, IAsyncLifetime, IDisposable
{
    private readonly string _bucket = EmulatorFixture.NewName("contract");
    private IObjectStore? _store;
    private AwsAccess? _access;

    protected override IObjectStore Store => _store ?? throw new InvalidOperationException("The emulator has not been started.");

    public async Task InitializeAsync()
    {
        if (Python.SkipReason is not null)
            return;
        using var scene = emulator.CreateS3();
        await scene.PutBucketAsync(_bucket);
        var settings = new AwsSettings { Region = EmulatorFixture.Region, EndpointUrl = emulator.Address.ToString(), PathStyle = true };
        _access = new AwsAccess(
            settings, new RunProgress(), new RequestTuning(), TimeProvider.System, new BasicAWSCredentials("contract", "secret"));
        _store = new S3StoreProvider(_access, tuning).OpenOutput($"s3://{_bucket}/{root}");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _access?.Dispose();
        GC.SuppressFinalize(this);
    }
}

public sealed class S3ContractTests(EmulatorFixture emulator) : S3Contract(emulator, "", new S3Tuning());

public sealed class S3ContractBelowPrefixTests(EmulatorFixture emulator) : S3Contract(emulator, "some/root=1", new S3Tuning());

/// <summary>Everything in parts, and listings page by page.</summary>
public sealed class S3ContractInPartsTests(EmulatorFixture emulator)
    : S3Contract(
        emulator, "root/", new S3Tuning { MaxPutBytes = 3, PartBytes = 5 << 20, MaxCopyBytes = 3, CopyPartBytes = 5 << 20, PageKeys = 1 });
