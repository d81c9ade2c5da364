using IdExtractor.Core.Storage;

namespace IdExtractor.Testing.Stores;

/// <summary>The operations of a store.</summary>
public enum StoreOperation
{
    /// <summary><see cref="IObjectStore.HeadAsync"/>.</summary>
    Head,

    /// <summary><see cref="IObjectStore.ListAsync"/>, up to its first item.</summary>
    List,

    /// <summary><see cref="IObjectStore.ListLevelAsync"/>, up to its first item.</summary>
    ListFolders,

    /// <summary><see cref="IObjectStore.OpenAsync"/>.</summary>
    Open,

    /// <summary>
    /// <see cref="IObjectReader.ReadAsync(long, Memory{byte}, CancellationToken)"/>.
    /// </summary>
    Read,

    /// <summary><see cref="IObjectStore.CreateAsync"/>.</summary>
    Create,

    /// <summary><see cref="IObjectWriter.AppendAsync"/>.</summary>
    Append,

    /// <summary><see cref="IObjectWriter.CompleteAsync"/>.</summary>
    Complete,

    /// <summary><see cref="IObjectStore.CopyAsync"/>.</summary>
    Copy,

    /// <summary><see cref="IObjectStore.IsCopyAsync"/>.</summary>
    IsCopy,

    /// <summary><see cref="IObjectStore.DeleteAsync"/>.</summary>
    Delete,

    /// <summary><see cref="IObjectStore.RemoveAbandonedAsync"/>.</summary>
    RemoveAbandoned,

    /// <summary><see cref="IObjectStore.EnsureWritableAsync"/>.</summary>
    EnsureWritable,
}

/// <summary>One call of a store, its reader or its writer.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Key">Key or prefix; the destination of a copy.</param>
/// <param name="Offset">First byte of a read, else 0.</param>
/// <param name="Length">Bytes of a read or an append, else 0.</param>
public readonly record struct StoreCall(StoreOperation Operation, string Key, long Offset = 0, long Length = 0);
