using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Storage;

/// <summary>A folder in some store.</summary>
/// <param name="Store">The store.</param>
/// <param name="Prefix">Empty for its root, else ending with <c>/</c>.</param>
public sealed record StoreLocation(IObjectStore Store, string Prefix)
{
    /// <summary>
    /// The folder above, and this folder's name in it; null at the top of the store's bucket or
    /// disk.
    /// </summary>
    public (StoreLocation Folder, string Name)? Above
    {
        get
        {
            if (Prefix.Length == 0)
                return Store.Above is { } above ? (new StoreLocation(above.Store, ""), above.Name) : null;
            var start = Prefix.LastIndexOf('/', Math.Max(0, Prefix.Length - 2)) + 1;
            return (this with { Prefix = Prefix[..start] }, Prefix[start..^1]);
        }
    }

    /// <summary>The folder as an operator would write it.</summary>
    public override string ToString() => Store.Describe(Prefix);
}

/// <summary>Opens stores by address, so that a partition's Location may be anywhere.</summary>
public interface IStoreProvider
{
    /// <summary>
    /// The folder that an address names: <c>s3://bucket/prefix/</c>, <c>file:///folder</c> or a
    /// local path.
    /// </summary>
    /// <exception cref="UsageException">The address has an unknown scheme.</exception>
    StoreLocation OpenFolder(string address);

    /// <summary>The root that a run writes to; it need not exist.</summary>
    /// <exception cref="UsageException">The address has an unknown scheme.</exception>
    IObjectStore OpenOutput(string address);

    /// <summary>The object that an address names, as its store and key.</summary>
    /// <exception cref="UsageException">The address has an unknown scheme.</exception>
    (IObjectStore Store, string Key) OpenObject(string address);
}
