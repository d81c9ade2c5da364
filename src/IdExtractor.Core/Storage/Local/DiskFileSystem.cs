using System.IO.Enumeration;
using Microsoft.Win32.SafeHandles;

namespace IdExtractor.Core.Storage.Local;

/// <summary>The operating system's files.</summary>
internal sealed class DiskFileSystem : ILocalFileSystem
{
    private const int SharingViolationWindows = unchecked((int)0x80070020);

    private static readonly DateTime UnknownTime = DateTime.FromFileTimeUtc(0);

    /// <summary>The only one: it has no state.</summary>
    public static DiskFileSystem Instance { get; } = new();

    public FileState? Stat(string path)
    {
        if (OperatingSystem.IsLinux())
            return LinuxStat.Of(path);
        FileAttributes attributes;
        try
        {
            // Unlike FileInfo.Exists this tells "not there" from "may not be looked at".
            attributes = File.GetAttributes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        return Follow(path, attributes);
    }

    public FileState Stat(SafeFileHandle file) => OperatingSystem.IsLinux()
        ? LinuxStat.Of(file)
        : new(RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file), IsFolder: false);

    public SafeFileHandle OpenRead(string path)
    {
        if (FileKinds.IsSpecial(path))
            throw LocalErrors.NoFile(path);
        return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }

    public SafeFileHandle? TryOpenLocked(string path, FileMode mode)
    {
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.None);

            // .NET takes the same lock, but goes on without when the file system refuses or a setting turns it off.
            if (OperatingSystem.IsWindows() || PosixCalls.TryLock(file, path))
            {
                var locked = file;
                file = null;
                return locked;
            }

            return null;
        }
        catch (FileNotFoundException) when (mode == FileMode.Open)
        {
            return null;
        }
        catch (IOException error) when (IsLockedByAnother(error))
        {
            return null;
        }
        finally
        {
            file?.Dispose();
        }
    }

    public int Read(SafeFileHandle file, Span<byte> buffer, long offset) => RandomAccess.Read(file, buffer, offset);

    public void Write(SafeFileHandle file, ReadOnlySpan<byte> buffer, long offset) => RandomAccess.Write(file, buffer, offset);

    public void SetModified(SafeFileHandle file, DateTime utc) => File.SetLastWriteTimeUtc(file, utc);

    public void Flush(SafeFileHandle file)
    {
        if (!OperatingSystem.IsWindows())
            PosixCalls.Flush(file);

        // On macOS this goes further than fsync: through the cache of the disk.
        if (!OperatingSystem.IsLinux())
            RandomAccess.FlushToDisk(file);
    }

    public void ForgetCached(SafeFileHandle file) => PosixCalls.ForgetCached(file);

    public void Close(SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows())
            file.Dispose();
        else
            PosixCalls.Close(file);
    }

    public void Replace(string from, string to)
    {
        if (OperatingSystem.IsWindows())
            File.Move(from, to, overwrite: true);
        else
            PosixCalls.Rename(from, to);
    }

    public bool TryLink(string from, string to) => !OperatingSystem.IsWindows() && PosixCalls.TryLink(from, to);

    public void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // The folder went, and the file with it.
        }
    }

    public void CreateFolder(string path) => Directory.CreateDirectory(path);

    public void RequireWritable(string path)
    {
        if (!OperatingSystem.IsWindows())
            PosixCalls.RequireWritable(path);
    }

    public void FlushFolder(string path)
    {
        if (!OperatingSystem.IsWindows())
            PosixCalls.FlushFolder(path);
    }

    public IReadOnlyList<FolderEntry> List(string path)
    {
        var options = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = false };
        var entries = new List<FolderEntry>();
        foreach (var entry in new FileSystemEnumerable<FolderEntry>(path, Describe, options))
        {
            if (OperatingSystem.IsLinux())
            {
                var found = Stat(Path.Combine(path, entry.Name));
                if (entry.IsLink || found is not null)
                    entries.Add(entry with { State = found });
                continue;
            }

            // An entry that could not be looked at comes with the oldest time there is: it went, or may not be looked at, and Stat tells which.
            var unseen = entry.State is not { } state || state.ModifiedUtc <= UnknownTime;
            var mayBeSpecial = entry.State is { IsFolder: false, Size: 0 };
            var target = entry.IsLink || unseen || mayBeSpecial ? Stat(Path.Combine(path, entry.Name)) : entry.State;
            if (entry.IsLink || target is not null)
                entries.Add(entry with { State = target });
        }

        return entries;
    }

    private static FolderEntry Describe(ref FileSystemEntry entry)
    {
        var isLink = (entry.Attributes & FileAttributes.ReparsePoint) != 0;

        // Linux is asked once per entry, by Stat: that costs no more, tells failures from absence, and knows all times.
        if (OperatingSystem.IsLinux())
            return new FolderEntry(entry.FileName.ToString(), null, isLink);
        var state = new FileState(entry.IsDirectory ? 0 : entry.Length, entry.LastWriteTimeUtc.UtcDateTime, entry.IsDirectory);
        return new FolderEntry(entry.FileName.ToString(), state, isLink);
    }

    private static FileState? Follow(string path, FileAttributes attributes)
    {
        FileSystemInfo info = (attributes & FileAttributes.Directory) != 0 ? new DirectoryInfo(path) : new FileInfo(path);
        if ((attributes & FileAttributes.ReparsePoint) != 0)
        {
            if (info.ResolveLinkTarget(returnFinalTarget: true) is { } target)
                info = target;
        }

        if (!info.Exists)
            return null;
        if (info is not FileInfo file)
            return new FileState(0, info.LastWriteTimeUtc, IsFolder: true);
        return FileKinds.IsSpecial(path)
            ? new FileState(0, file.LastWriteTimeUtc, IsFolder: false) { IsSpecial = true }
            : new FileState(file.Length, file.LastWriteTimeUtc, IsFolder: false);
    }

    private static bool IsLockedByAnother(IOException error) =>
        OperatingSystem.IsWindows() ? error.HResult == SharingViolationWindows : error.HResult is 11 or 35;
}
