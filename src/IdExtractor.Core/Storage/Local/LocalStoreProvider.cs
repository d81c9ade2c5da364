using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Storage.Local;

/// <summary>
/// Opens local folders and files: plain paths and <c>file://</c> addresses. The embedded default,
/// which needs nothing else.
/// </summary>
public sealed class LocalStoreProvider : IStoreProvider
{
    /// <summary>The address is a local one: a path, or <c>file://</c>.</summary>
    public static bool Knows(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return IsFileUri(address) || !address.Contains(AddressScheme.Separator, StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public StoreLocation OpenFolder(string address) => new(new LocalObjectStore(ToPath(address)), "");

    /// <inheritdoc/>
    public IObjectStore OpenOutput(string address) => new LocalObjectStore(ToPath(address), rootMayBeMissing: true);

    /// <inheritdoc/>
    public (IObjectStore Store, string Key) OpenObject(string address)
    {
        var path = Path.GetFullPath(ToPath(address));
        var folder = Path.GetDirectoryName(path) ?? throw new ConfigurationException("The address names no file", ErrorPlace.Of(path));
        return (new LocalObjectStore(folder), Path.GetFileName(path));
    }

    /// <summary>
    /// The path of a local address. What follows <c>file://</c> is the path as it stands: folders
    /// may have blanks, <c>%</c>, <c>#</c> and <c>?</c> in their names.
    /// </summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static string ToPath(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!Knows(address))
            throw new UsageException($"'{address}' is neither a local path nor a file:// address");
        if (!IsFileUri(address))
            return address;
        var path = address[AddressScheme.File.Length..];
        if (path.StartsWith('/') && path.Length > 1)
            return OperatingSystem.IsWindows() ? path[1..] : path;
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.IsLoopback
            ? uri.LocalPath
            : throw new UsageException($"'{address}' is no file of this machine", "write it as file:///folder/name");
    }

    private static bool IsFileUri(string address) => address.StartsWith(AddressScheme.File, StringComparison.OrdinalIgnoreCase);
}
