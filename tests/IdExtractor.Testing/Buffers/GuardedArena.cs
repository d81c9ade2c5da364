using System.Runtime.InteropServices;

namespace IdExtractor.Testing.Buffers;

/// <summary>
/// Memory between two pages that may not be touched: a span that ends, or begins, exactly at one of
/// them. A read or write on the wrong side kills the test process, which is the point. For Linux
/// and macOS.
/// </summary>
public sealed unsafe partial class GuardedArena : IDisposable
{
    private const int ProtNone = 0;
    private const int ProtReadWrite = 3;
    private const int MapPrivate = 2;

    private readonly nuint _mappedLength;
    private readonly byte* _mapped;
    private readonly byte* _data;

    /// <summary>Makes room for spans of up to <paramref name="capacity"/> bytes.</summary>
    public GuardedArena(int capacity)
    {
        var page = Environment.SystemPageSize;
        Capacity = (capacity + page - 1) / page * page;
        _mappedLength = (nuint)(Capacity + (2 * page));
        var mapAnonymous = OperatingSystem.IsMacOS() ? 0x1000 : 0x20;
        _mapped = (byte*)Map(0, _mappedLength, ProtNone, MapPrivate | mapAnonymous, -1, 0);
        if (_mapped == (byte*)-1)
            throw new InvalidOperationException($"mmap failed with error {Marshal.GetLastPInvokeError()}");
        _data = _mapped + page;
        if (Capacity != 0 && Protect((nint)_data, (nuint)Capacity, ProtReadWrite) != 0)
            throw new InvalidOperationException($"mprotect failed with error {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>Longest span, in bytes: a whole number of pages.</summary>
    public int Capacity { get; }

    /// <summary>The last bytes before the upper guard page.</summary>
    public Span<byte> EndingAtGuard(int length) => new(_data + Capacity - Checked(length), length);

    /// <summary>The first bytes after the lower guard page.</summary>
    public Span<byte> BeginningAtGuard(int length) => new(_data, Checked(length));

    /// <summary>A copy of <paramref name="content"/> that ends at the upper guard page.</summary>
    public ReadOnlySpan<byte> EndingAtGuard(ReadOnlySpan<byte> content)
    {
        var span = EndingAtGuard(content.Length);
        content.CopyTo(span);
        return span;
    }

    /// <summary>A copy of <paramref name="content"/> that begins at the lower guard page.</summary>
    public ReadOnlySpan<byte> BeginningAtGuard(ReadOnlySpan<byte> content)
    {
        var span = BeginningAtGuard(content.Length);
        content.CopyTo(span);
        return span;
    }

    /// <inheritdoc />
    public void Dispose() => _ = Unmap((nint)_mapped, _mappedLength);

    private int Checked(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Capacity);
        return length;
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(nint address, nuint length);
}
