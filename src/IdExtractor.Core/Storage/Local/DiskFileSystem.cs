using System.IO.Enumeration;
using Microsoft.Win32.SafeHandles;

namespace IdExtractor.Core.Storage.Local;

/// <summary>The operating system's files.</summary>
internal sealed class DiskFileSystem : ILocalFileSystem
{
    /// <summary>
    /// What .NET puts in place of bytes that are not UTF-8. A name may also hold the character
    /// itself.
    /// </summary>
    private const char Undecoded = '\uFFFD';

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
            // Unlike FileInfo.Exists, this distinguishes "not found" from "access denied".
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

    public SafeFileHandle OpenRead(string path) => OpenRead(path, out _);

    public SafeFileHandle OpenRead(string path, out FileState state)
    {
        if (OperatingSystem.IsLinux())
            return OpenReadOnLinux(path, out state);
        if (Stat(path) is { IsSpecial: true })
            throw LocalErrors.NoFile(path);
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
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
    /// Three system calls instead of .NET's seven, which include a lock that no writer looks at.
    /// </summary>
    private static SafeFileHandle OpenReadOnLinux(string path, out FileState state)
    {
        var file = PosixCalls.OpenForReading(path);
        try
        {
            state = LinuxStat.Of(file);
            if (state.IsSpecial)
                throw LocalErrors.NoFile(path);
            return state.IsFolder ? throw new UnauthorizedAccessException($"This is a folder: '{path}'") : file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public SafeFileHandle? TryOpenLocked(string path, FileMode mode)
    {
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.None);

            // .NET takes the same lock, but goes on without when the file system refuses or a
            // setting turns it off.
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

    public int Read(SafeFileHandle file, Span<byte> buffer, long offset) => ReadAt(file, buffer, offset);

    /// <summary>Reads into a buffer, as far as the file reaches.</summary>
    /// <exception cref="IOException">The disk is failing.</exception>
    public static int ReadAt(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        try
        {
            return RandomAccess.Read(file, buffer, offset);
        }
        catch (NotSupportedException)
        {
            throw NoPosition();
        }
    }

    public void Write(SafeFileHandle file, ReadOnlySpan<byte> buffer, long offset) => WriteAt(file, buffer, offset);

    /// <summary>
    /// Writes all of a buffer. .NET reports a file that would become too large as a wrong argument;
    /// this is the system's error, as for all others.
    /// </summary>
    /// <exception cref="IOException">The disk is full or failing, or the file would become too
    /// large.</exception>
    public static void WriteAt(SafeFileHandle file, ReadOnlySpan<byte> buffer, long offset)
    {
        try
        {
            RandomAccess.Write(file, buffer, offset);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new IOException("The file would become too large", LocalErrors.FileTooLarge);
        }
        catch (NotSupportedException)
        {
            throw NoPosition();
        }
    }

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

    public void RequireWritable(string path) => RequireWritable(path, mustEnter: true);

    /// <summary>Checks a folder, or a file.</summary>
    /// <param name="path">The folder or file.</param>
    /// <param name="mustEnter">True for a folder, in which files will be created; false for a
    /// file.</param>
    public static void RequireWritable(string path, bool mustEnter)
    {
        if (!OperatingSystem.IsWindows())
            PosixCalls.RequireWritable(path, mustEnter);
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
        if (OperatingSystem.IsLinux())
        {
            foreach (var name in new FileSystemEnumerable<string>(path, (ref FileSystemEntry entry) => entry.FileName.ToString(), options))
                AddOnLinux(entries, path, name);
            return WithoutDoubles(entries);
        }

        foreach (var entry in new FileSystemEnumerable<FolderEntry>(path, Describe, options))
        {
            // The oldest possible time marks an entry without attributes: it vanished or access was
            // denied. Stat finds out which.
            var unseen = entry.State is not { } state || state.ModifiedUtc <= UnknownTime;
            var mayBeSpecial = entry.State is { IsFolder: false, Size: 0 };
            var isDoubtful = entry.Name.Contains(Undecoded, StringComparison.Ordinal);
            var target = entry.IsLink || unseen || mayBeSpecial || isDoubtful ? Follow(Path.Combine(path, entry.Name)) : entry.State;
            var isUndecodable = isDoubtful && target is null;
            if (entry.IsLink || isUndecodable || target is not null)
                entries.Add(entry with { State = target, IsUndecodable = isUndecodable });
        }

        return WithoutDoubles(entries);
    }

    /// <summary>
    /// One system call for each entry that is no link. It distinguishes failures from absence, and
    /// returns all times; .NET's attributes take two calls more.
    /// </summary>
    private void AddOnLinux(List<FolderEntry> entries, string folder, string name)
    {
        var path = Path.Combine(folder, name);
        var state = LinuxStat.OfEntry(path, out var isLink);
        if (isLink)
            state = Follow(path);
        var isUndecodable = state is null && !isLink && name.Contains(Undecoded, StringComparison.Ordinal);
        if (isLink || isUndecodable || state is not null)
            entries.Add(new FolderEntry(name, state, isLink) { IsUndecodable = isUndecodable });
    }

    /// <summary>
    /// What an entry leads to; null for a link in a circle as for one that leads nowhere.
    /// </summary>
    private FileState? Follow(string path)
    {
        try
        {
            return Stat(path);
        }
        catch (IOException error) when (LocalErrors.IsLoop(error))
        {
            return null;
        }
    }

    /// <summary>
    /// Names that differ only in bytes that are not UTF-8 look the same, and opening them would
    /// read one of the files several times.
    /// </summary>
    private static List<FolderEntry> WithoutDoubles(List<FolderEntry> entries)
    {
        var doubtful = entries.Where(entry => entry.Name.Contains(Undecoded, StringComparison.Ordinal)).ToArray();
        var doubles = doubtful.GroupBy(entry => entry.Name, StringComparer.Ordinal)
            .Where(group => group.Count() > 1)
            .Select(group => group.Key)
            .ToHashSet(StringComparer.Ordinal);
        return doubles.Count == 0
            ? entries
            : [.. entries.Select(entry => doubles.Contains(entry.Name) ? entry with { State = null, IsUndecodable = true } : entry)];
    }

    private static FolderEntry Describe(ref FileSystemEntry entry)
    {
        var isLink = (entry.Attributes & FileAttributes.ReparsePoint) != 0;
        var state = new FileState(entry.IsDirectory ? 0 : entry.Length, TimeOf(ref entry), entry.IsDirectory);
        return new FolderEntry(entry.FileName.ToString(), state, isLink);
    }

    private static DateTime TimeOf(ref FileSystemEntry entry)
    {
        try
        {
            return entry.LastWriteTimeUtc.UtcDateTime;
        }
        catch (ArgumentOutOfRangeException)
        {
            // Outside the calendar: Stat knows it.
            return UnknownTime;
        }
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
        return info is FileInfo file
            ? new FileState(file.Length, file.LastWriteTimeUtc, IsFolder: false)
            : new FileState(0, info.LastWriteTimeUtc, IsFolder: true);
    }

    /// <summary>
    /// .NET asks by lseek whether a file has positions, and takes a failure for a no. These are
    /// regular files, so that it is the file system that failed.
    /// </summary>
    private static IOException NoPosition() => new("The system does not find a position in the file", LocalErrors.InputOutput);

    private static bool IsLockedByAnother(IOException error) =>
        OperatingSystem.IsWindows() ? error.HResult == SharingViolationWindows : error.HResult is 11 or 35;
}
