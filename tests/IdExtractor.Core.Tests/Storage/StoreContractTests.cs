using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Decorators;
using IdExtractor.Core.Storage.Local;

namespace IdExtractor.Core.Tests.Storage;

public sealed class MemoryStoreContractTests : ObjectStoreContract
{
    protected override IObjectStore Store { get; } = new MemoryObjectStore();
}

public sealed class LocalStoreContractTests : ObjectStoreContract, IDisposable
{
    private readonly TempFolder _folder = new();

    public LocalStoreContractTests() => Store = new LocalObjectStore(_folder.At("root"), rootMayBeMissing: true);

    protected override IObjectStore Store { get; }

    public void Dispose() => _folder.Dispose();
}

public sealed class RecordingStoreContractTests : ObjectStoreContract
{
    protected override IObjectStore Store { get; } = new RecordingObjectStore(new MemoryObjectStore(), keepCalls: true);
}

public sealed class LimitStoreContractTests : ObjectStoreContract, IDisposable
{
    private readonly LimitObjectStore _store = new(new MemoryObjectStore(), calls: 1);

    protected override IObjectStore Store => _store;

    public void Dispose() => _store.Dispose();
}

public sealed class RetryStoreContractTests : ObjectStoreContract
{
    protected override IObjectStore Store { get; } = new RetryObjectStore(new MemoryObjectStore(), new RetryPolicy(), TimeProvider.System);
}

public sealed class FaultStoreWithoutFaultsContractTests : ObjectStoreContract
{
    protected override IObjectStore Store { get; } = new FaultObjectStore(new MemoryObjectStore(), []);
}

public sealed class DecoratedLocalStoreContractTests : ObjectStoreContract, IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LimitObjectStore _limited;

    public DecoratedLocalStoreContractTests()
    {
        _limited = new LimitObjectStore(new LocalObjectStore(_folder.At("root"), rootMayBeMissing: true), calls: 4);
        Store = new RecordingObjectStore(new RetryObjectStore(_limited, new RetryPolicy(), TimeProvider.System));
    }

    protected override IObjectStore Store { get; }

    public void Dispose()
    {
        _limited.Dispose();
        _folder.Dispose();
    }
}
