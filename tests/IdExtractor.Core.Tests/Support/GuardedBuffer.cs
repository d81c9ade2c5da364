using System.ComponentModel;
using System.Runtime.InteropServices;

namespace IdExtractor.Core.Tests.Support;

/// <summary>Memory with a page that may not be touched right behind it, or right before it: a read or write one byte out of bounds ends the process.</summary>
internal sealed unsafe class GuardedBuffer : IDisposable
{
    private const int ProtectionNone = 0;
    private const int ProtectionReadWrite = 1 | 2;
    private const int MapPrivateAnonymous = 2 | 0x20;

    private readonly nint _mapping;
    private readonly nuint _mappedLength;
    private readonly byte* _start;
    private readonly int _length;

    internal GuardedBuffer(int length, bool atEnd)
    {
        var page = (nuint)Environment.SystemPageSize;
        var usable = ((nuint)length + page - 1) / page * page;
        _length = length;
        _mappedLength = usable + (2 * page);
        _mapping = Map(0, _mappedLength, ProtectionNone, MapPrivateAnonymous, -1, 0);
        if (_mapping == -1)
            throw new Win32Exception();
        if (usable > 0 && Protect(_mapping + (nint)page, usable, ProtectionReadWrite) != 0)
            throw new Win32Exception();
        _start = (byte*)_mapping + page + (atEnd ? usable - (nuint)length : 0);
    }

    internal GuardedBuffer(ReadOnlySpan<byte> content, bool atEnd)
        : this(content.Length, atEnd) => content.CopyTo(Span);

    internal Span<byte> Span => new(_start, _length);

    public void Dispose() => _ = Unmap(_mapping, _mappedLength);

    [DllImport("libc", EntryPoint = "mmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Protect(nint address, nuint length, int protection);

    [DllImport("libc", EntryPoint = "munmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Unmap(nint address, nuint length);
}
