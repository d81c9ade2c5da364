using IdExtractor.Core.Storage.Local;
using Microsoft.Win32.SafeHandles;

namespace IdExtractor.Core.Tests.Storage.Local;

/// <summary>One primitive file operation.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Name">Name of the operation.</param>
/// <param name="Path">The file or folder; empty when only a handle is known.</param>
internal readonly record struct FileStep(int Number, string Name, string Path)
{
    /// <summary>It changes what is on the disk.</summary>
    public bool IsChange =>
        Name is "lock" or "create" or "write" or "modify" or "flush" or "replace" or "link" or "delete" or "folder" or "flush-folder";
}

/// <summary>
/// Reports every primitive file operation before it happens, so that a test can make it fail or end
/// the process there.
/// </summary>
internal sealed class SteppingFileSystem(ILocalFileSystem inner, Action<FileStep> before) : ILocalFileSystem
{
    private readonly Lock _gate = new();
    private int _steps;

    /// <summary>Operations so far.</summary>
    public int Steps => Volatile.Read(ref _steps);

    /// <summary>
    /// Set to run in the middle of a write: half of the bytes are written by then.
    /// </summary>
    public Action<FileStep>? Halfway { get; init; }

    /// <summary>
    /// Set to choose reads and writes that have their first byte changed on the way, as by a bad
    /// disk.
    /// </summary>
    public Predicate<FileStep>? Flips { get; init; }

    /// <summary>Set to false for a file system without hard links.</summary>
    public bool HasLinks { get; init; } = true;

    /// <summary>Set to run after a rename has taken place.</summary>
    public Action<FileStep>? AfterReplace { get; init; }

    public FileState? Stat(string path)
    {
        Step("stat", path);
        return inner.Stat(path);
    }

    public FileState Stat(SafeFileHandle file)
    {
        Step("stat-open");
        return inner.Stat(file);
    }

    public SafeFileHandle OpenRead(string path)
    {
        Step("open", path);
        return inner.OpenRead(path);
    }

    public SafeFileHandle? TryOpenLocked(string path, FileMode mode)
    {
        Step(mode == FileMode.CreateNew ? "create" : "lock", path);
        return inner.TryOpenLocked(path, mode);
    }

    public int Read(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        var step = Step("read");
        var read = inner.Read(file, buffer, offset);
        if (read > 0 && Flips?.Invoke(step) == true)
            buffer[0] ^= 1;
        return read;
    }

    public void Write(SafeFileHandle file, ReadOnlySpan<byte> buffer, long offset)
    {
        var step = Step("write");
        if (Halfway is not null)
        {
            inner.Write(file, buffer[..(buffer.Length / 2)], offset);
            Halfway(step);
        }

        if (Flips?.Invoke(step) == true)
            inner.Write(file, [(byte)(buffer[0] ^ 1), .. buffer[1..]], offset);
        else
            inner.Write(file, buffer, offset);
    }

    public void SetModified(SafeFileHandle file, DateTime utc)
    {
        Step("modify");
        inner.SetModified(file, utc);
    }

    public void Flush(SafeFileHandle file)
    {
        Step("flush");
        inner.Flush(file);
    }

    public void ForgetCached(SafeFileHandle file)
    {
        Step("forget");
        inner.ForgetCached(file);
    }

    public void Close(SafeFileHandle file)
    {
        Step("close");
        inner.Close(file);
    }

    public bool TryLink(string from, string to)
    {
        Step("link", to);
        return HasLinks && inner.TryLink(from, to);
    }

    public void Replace(string from, string to)
    {
        var step = Step("replace", to);
        inner.Replace(from, to);
        AfterReplace?.Invoke(step);
    }

    public void Delete(string path)
    {
        Step("delete", path);
        inner.Delete(path);
    }

    public void CreateFolder(string path)
    {
        Step("folder", path);
        inner.CreateFolder(path);
    }

    public void RequireWritable(string path)
    {
        Step("require-writable", path);
        inner.RequireWritable(path);
    }

    public void FlushFolder(string path)
    {
        Step("flush-folder", path);
        inner.FlushFolder(path);
    }

    public IReadOnlyList<FolderEntry> List(string path)
    {
        Step("list", path);
        return inner.List(path);
    }

    private FileStep Step(string name, string path = "")
    {
        lock (_gate)
        {
            var step = new FileStep(++_steps, name, path);
            before(step);
            return step;
        }
    }
}
