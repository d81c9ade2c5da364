using System.Globalization;
using IdExtractor.Foundation.Errors;
using Microsoft.Win32.SafeHandles;

namespace IdExtractor.Core.Storage.Local;

/// <summary>
/// The primitive file operations of <see cref="LocalObjectStore"/>. Each call is one step that may
/// fail, or may be the last one that a killed process took; what a reader finds must be sound after
/// every single one. Errors are those of System.IO.
/// </summary>
internal interface ILocalFileSystem
{
    /// <summary>What a path leads to, links followed; null when there is nothing.</summary>
    FileState? Stat(string path);

    /// <summary>What an open file is.</summary>
    FileState Stat(SafeFileHandle file);

    /// <summary>Opens for reading; later writers, renames and removals are not hindered.</summary>
    /// <exception cref="ConfigurationException">
    /// The path leads to a pipe, a socket or a device: opening one may block forever.
    /// </exception>
    SafeFileHandle OpenRead(string path);

    /// <summary>As <see cref="OpenRead(string)"/>, and says what was opened.</summary>
    SafeFileHandle OpenRead(string path, out FileState state)
    {
        var file = OpenRead(path);
        try
        {
            state = Stat(file);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens for writing under an exclusive lock that ends with the handle or the process. Null
    /// when another handle holds it, or when <paramref name="mode"/> is <see cref="FileMode.Open"/>
    /// and there is no file.
    /// </summary>
    SafeFileHandle? TryOpenLocked(string path, FileMode mode);

    /// <summary>Reads up to the length of the buffer; 0 at the end.</summary>
    int Read(SafeFileHandle file, Span<byte> buffer, long offset);

    /// <summary>Writes all of the buffer.</summary>
    void Write(SafeFileHandle file, ReadOnlySpan<byte> buffer, long offset);

    /// <summary>Sets the modification time.</summary>
    void SetModified(SafeFileHandle file, DateTime utc);

    /// <summary>
    /// Brings an open file's bytes to the disk. Returning means that they are there.
    /// </summary>
    void Flush(SafeFileHandle file);

    /// <summary>
    /// Makes the next reads of a flushed file come from the disk and not from memory, where the
    /// system offers that.
    /// </summary>
    void ForgetCached(SafeFileHandle file);

    /// <summary>
    /// Closes a file that was written, and ends its lock. The handle is of no more use, also after
    /// a failure.
    /// </summary>
    void Close(SafeFileHandle file);

    /// <summary>
    /// Renames a closed file over another in one step. Never copies: where the system cannot
    /// rename, it fails.
    /// </summary>
    void Replace(string from, string to);

    /// <summary>Gives a file a second name; false where that is not possible.</summary>
    bool TryLink(string from, string to);

    /// <summary>Removes a file; no error when there is none.</summary>
    void Delete(string path);

    /// <summary>Creates one folder whose parent exists; does nothing when it exists.</summary>
    void CreateFolder(string path);

    /// <summary>
    /// Fails as creating a file in the folder would, where the system can check this without
    /// creating one.
    /// </summary>
    void RequireWritable(string path);

    /// <summary>
    /// Brings a folder's entries to the disk, where the system knows such a thing.
    /// </summary>
    void FlushFolder(string path);

    /// <summary>Entries of a folder in no particular order, links followed.</summary>
    IReadOnlyList<FolderEntry> List(string path);
}

/// <summary>What a path or an open file is.</summary>
/// <param name="Size">Bytes; 0 for a folder.</param>
/// <param name="ModifiedUtc">Last modification.</param>
/// <param name="IsFolder">A folder, or a link to one.</param>
internal readonly record struct FileState(long Size, DateTime ModifiedUtc, bool IsFolder)
{
    /// <summary>Neither a file nor a folder: a pipe, a socket, a device. Its size is 0.</summary>
    public bool IsSpecial { get; init; }

    /// <summary>
    /// The modification time as the file system stores it, where <see cref="ModifiedUtc"/> cannot
    /// express it; null otherwise.
    /// </summary>
    public string? UnusualTime { get; init; }

    /// <summary>
    /// The same for all names of one file, and for no other file at the same time; null where the
    /// system does not say.
    /// </summary>
    public string? Identity => Numbers is { } id ? $"{id.Major:x}:{id.Minor:x}:{id.Inode:x}" : null;

    /// <summary>
    /// The numbers of the device and of the file on it, where the system reports them.
    /// </summary>
    public (uint Major, uint Minor, ulong Inode)? Numbers { get; init; }

    /// <summary>Modification time (100 ns) and size: this store's identity of a version.</summary>
    public ObjectStamp Stamp => new($"{UnusualTime ?? ModifiedUtc.Ticks.ToString("x", CultureInfo.InvariantCulture)}-{Size:x}");
}

/// <summary>One entry of a folder.</summary>
/// <param name="Name">Name in the folder.</param>
/// <param name="State">State of the file or folder that it names; null for a dangling or circular
/// link.</param>
/// <param name="IsLink">A symbolic link.</param>
internal sealed record FolderEntry(string Name, FileState? State, bool IsLink)
{
    /// <summary>
    /// The name's bytes are not UTF-8, so that what it names cannot be opened by it.
    /// </summary>
    public bool IsUndecodable { get; init; }
}
