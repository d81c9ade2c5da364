using System.IO.Compression;

namespace IdExtractor.Core.Feed;

/// <summary>
/// Detects a truncated gzip file, which <see cref="GZipStream"/> does not. A gzip member of our own
/// is appended to the file, and its text must come out at the end. After a truncation, the decoder
/// takes it for the rest of the member before it. Bytes after the last member keep the decoder from
/// reaching it.
/// </summary>
/// <param name="next">Receives the text without the mark.</param>
internal sealed class GzipEnd(BytesHandler next)
{
    private static readonly byte[] s_mark = [.. "\0whole\0"u8, 0x9D, 0x37, 0xE2, 0x5C, 0xF1, 0x08, 0xBB, 0x64, 0xCA];

    private readonly byte[] _held = new byte[s_mark.Length];
    private int _count;

    /// <summary>The bytes to append to the file.</summary>
    public static ReadOnlyMemory<byte> Member { get; } = Compress(s_mark);

    /// <summary>True when the text so far ends with the mark.</summary>
    public bool IsWhole => _count == s_mark.Length && _held.AsSpan().SequenceEqual(s_mark);

    /// <summary>
    /// Takes the next text and passes on all but the last bytes, which may be the mark.
    /// </summary>
    public void Feed(ReadOnlySpan<byte> text)
    {
        if (text.Length >= _held.Length)
        {
            next(_held.AsSpan(0, _count));
            next(text[..^_held.Length]);
            text[^_held.Length..].CopyTo(_held);
            _count = _held.Length;
            return;
        }

        var released = Math.Max(0, _count + text.Length - _held.Length);
        next(_held.AsSpan(0, released));
        _held.AsSpan(released, _count - released).CopyTo(_held);
        _count -= released;
        text.CopyTo(_held.AsSpan(_count));
        _count += text.Length;
    }

    private static byte[] Compress(byte[] text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.NoCompression))
            gzip.Write(text);
        return bytes.ToArray();
    }
}
