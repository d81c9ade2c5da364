using IdExtractor.Foundation.Memory;

namespace IdExtractor.Bench.Pages;

/// <summary>
/// Bytes in unmanaged memory with the slack that kernels may touch, like pages in a scan.
/// </summary>
internal sealed unsafe class NativePage : IDisposable
{
    private readonly NativeBuffer _buffer;

    /// <summary>Space for some bytes.</summary>
    public NativePage(int length)
    {
        _buffer = new NativeBuffer(Math.Max(length, 1));
        Length = length;
    }

    /// <summary>A copy of some bytes.</summary>
    public NativePage(ReadOnlySpan<byte> content)
        : this(content.Length) => content.CopyTo(Span);

    /// <summary>Bytes of content.</summary>
    public int Length { get; }

    /// <summary>The first byte.</summary>
    public byte* Pointer => _buffer.Pointer;

    /// <summary>The content.</summary>
    public Span<byte> Span => new(_buffer.Pointer, Length);

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable)_buffer).Dispose();
}
