using System.Runtime.InteropServices;

namespace IdExtractor.Foundation.Memory;

/// <summary>
/// Memory that stands in the address space twice, one behind the other: what is written past the end of the first is at the beginning of the second, and the other way round. So a window that slides over it
/// never has to be moved. Linux only; who cannot have it goes on with a buffer of the usual kind.
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

    /// <summary>First byte of the first of both; the second begins <see cref="Size"/> bytes behind it.</summary>
    public byte* Pointer => _pointer;

    /// <summary>Bytes of each of both.</summary>
    public int Size { get; }

    /// <summary>Makes one of zeros.</summary>
    /// <param name="size">A multiple of the system's page size.</param>
    /// <returns>Null where the system does not give it.</returns>
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
        // A place for both at once, which they then take.
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
