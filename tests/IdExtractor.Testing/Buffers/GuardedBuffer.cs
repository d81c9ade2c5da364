namespace IdExtractor.Testing.Buffers;

/// <summary>
/// One span of a <see cref="GuardedArena"/>, for tests that need no other: right before the page
/// that may not be touched, or right behind one.
/// </summary>
internal sealed class GuardedBuffer : IDisposable
{
    private readonly GuardedArena _arena;
    private readonly int _length;
    private readonly bool _atEnd;

    internal GuardedBuffer(int length, bool atEnd) => (_arena, _length, _atEnd) = (new GuardedArena(length), length, atEnd);

    internal GuardedBuffer(ReadOnlySpan<byte> content, bool atEnd)
        : this(content.Length, atEnd) => content.CopyTo(Span);

    internal Span<byte> Span => _atEnd ? _arena.EndingAtGuard(_length) : _arena.BeginningAtGuard(_length);

    public void Dispose() => _arena.Dispose();
}
