using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Testing.Contract;
using IdExtractor.Testing.Stores;

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

public sealed class FaultStoreWithoutFaultsContractTests : ObjectStoreContract
{
    protected override IObjectStore Store { get; } = new FaultObjectStore(new MemoryObjectStore(), []);
}

public sealed class DecoratedLocalStoreContractTests : ObjectStoreContract, IDisposable
{
    private readonly TempFolder _folder = new();

    public DecoratedLocalStoreContractTests() =>
        Store = new RecordingObjectStore(new FaultObjectStore(new LocalObjectStore(_folder.At("root"), rootMayBeMissing: true), []));

    protected override IObjectStore Store { get; }

    public void Dispose() => _folder.Dispose();
}
