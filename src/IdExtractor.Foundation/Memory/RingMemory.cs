using System.Runtime.InteropServices;

namespace IdExtractor.Foundation.Memory;

/// <summary>
/// Memory that is mapped twice, one mapping directly after the other. Bytes written past the end of
/// the first mapping appear at its beginning, and the other way round, so a sliding window never
/// has to be moved. Linux only; elsewhere callers use an ordinary buffer.
/// </summary>
internal sealed unsafe partial class RingMemory : IDisposable
{
    private const int ReadWrite = 1 | 2;
    private const int Shared = 1, Private = 2, Fixed = 0x10, Anonymous = 0x20, Populate = 0x8000;
    private const uint CloseOnExec = 1;
    private const nint Failed = -1;

    private byte* _pointer;

    private RingMemory(byte* pointer, int size)
    {
        _pointer = pointer;
        Size = size;
    }

    /// <summary>
    /// First byte of the first mapping; the second starts <see cref="Size"/> bytes after it.
    /// </summary>
    public byte* Pointer => _pointer;

    /// <summary>Bytes in each mapping.</summary>
    public int Size { get; }

    /// <summary>Creates zeroed memory.</summary>
    /// <param name="size">A multiple of the system's page size.</param>
    /// <returns>Null when the system cannot provide it.</returns>
    public static RingMemory? TryCreate(int size)
    {
        if (!OperatingSystem.IsLinux() || size % Environment.SystemPageSize != 0)
            return null;
        try
        {
            var file = MemoryFile("idextractor-window", CloseOnExec);
            if (file < 0)
                return null;
            try
            {
                return SetLength(file, size) == 0 ? TryMapTwice(file, size) : null;
            }
            finally
            {
                _ = Close(file);
            }
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_pointer is null)
            return;
        _ = Unmap(_pointer, 2 * (nuint)Size);
        _pointer = null;
    }

    private static RingMemory? TryMapTwice(int file, int size)
    {
        // Reserves address space for both mappings, which then replace it.
        var place = Map(null, 2 * (nuint)size, 0, Private | Anonymous, -1, 0);
        if (place == Failed)
            return null;
        var pointer = (byte*)place;
        if (Map(pointer, (nuint)size, ReadWrite, Shared | Fixed | Populate, file, 0) == place
            && Map(pointer + size, (nuint)size, ReadWrite, Shared | Fixed | Populate, file, 0) == place + size)
            return new RingMemory(pointer, size);
        _ = Unmap(pointer, 2 * (nuint)size);
        return null;
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate")]
    private static partial int SetLength(int file, nint length);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(byte* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(byte* address, nuint length);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
