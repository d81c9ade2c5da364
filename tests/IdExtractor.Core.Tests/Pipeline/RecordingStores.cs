using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Core.Tests.Feed;
using IdExtractor.Testing.Stores;

namespace IdExtractor.Core.Tests.Pipeline;

/// <summary>Local stores that record their calls.</summary>
/// <param name="cost">What they claim that a read costs; null for what it does.</param>
internal sealed class RecordingStores(ReadCost? cost = null) : IStoreProvider
{
    private readonly LocalStoreProvider _local = new();
    private readonly List<RecordingObjectStore> _opened = [];

    /// <summary>Calls of operations to all stores.</summary>
    public long Count(params StoreOperation[] operations) => _opened.Sum(store => operations.Sum(store.Count));

    public StoreLocation OpenFolder(string address)
    {
        var folder = _local.OpenFolder(address);
        return folder with { Store = Record(folder.Store) };
    }

    public IObjectStore OpenOutput(string address) => Record(_local.OpenOutput(address));

    public (IObjectStore Store, string Key) OpenObject(string address)
    {
        var (store, key) = _local.OpenObject(address);
        return (Record(store), key);
    }

    private IObjectStore Record(IObjectStore store)
    {
        var recording = new RecordingObjectStore(store);
        _opened.Add(recording);
        return cost is null ? recording : new DistantStore(recording, cost);
    }
}
