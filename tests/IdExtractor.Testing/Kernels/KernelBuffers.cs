using System.Runtime.InteropServices;

namespace IdExtractor.Testing.Kernels;

/// <summary>The memory of one run, placed where the caller wants it.</summary>
internal sealed unsafe class KernelBuffers
{
    private readonly (nint Start, int Length)[] _sources;
    private readonly (nint Start, int Length)[] _targets;

    /// <summary>Gives room of some bytes, for a source or a target by its number.</summary>
    internal delegate nint Place(bool isTarget, int number, int length);

    /// <summary>
    /// Copies an input to its places. Bytes that may be read past a source are not zero.
    /// </summary>
    internal KernelBuffers(KernelCase kernel, KernelInput input, Place place)
    {
        _sources =
            [.. input.Sources.Select((content, i) =>
                Put(content, place(false, i, content.Length + kernel.OverRead(i)), kernel.OverRead(i)))];
        _targets = [.. input.Targets.Select((content, i) => Put(content, place(true, i, content.Length), 0))];
    }

    internal ReadOnlySpan<byte> Source(int number) => new((byte*)_sources[number].Start, _sources[number].Length);

    internal ReadOnlySpan<T> Source<T>(int number)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Source(number));

    internal Span<byte> Target(int number) => new((byte*)_targets[number].Start, _targets[number].Length);

    internal Span<T> Target<T>(int number)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Target(number));

    internal byte* SourcePointer(int number) => (byte*)_sources[number].Start;

    internal byte* TargetPointer(int number) => (byte*)_targets[number].Start;

    private static (nint Start, int Length) Put(byte[] content, nint start, int overRead)
    {
        content.CopyTo(new Span<byte>((byte*)start, content.Length));
        new Span<byte>((byte*)start + content.Length, overRead).Fill(0xA5);
        return (start, content.Length);
    }
}
