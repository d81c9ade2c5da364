using System.Runtime.InteropServices;
using IdExtractor.Testing.Pages;

namespace IdExtractor.Bench.Pages;

/// <summary>
/// Compressors for pages to decompress. The program itself writes nothing but gzip.
/// </summary>
internal static unsafe class Compressors
{
    private const int LongestSnappyMatch = 64;
    private const int MostTagLength = 60;
    private const int NibbleEnd = 15;
    private const int LastLz4Literals = 5;

    /// <summary>
    /// Snappy's raw format, with its preamble (format_description.txt of google/snappy).
    /// </summary>
    public static byte[] Snappy(byte[] data)
    {
        var bytes = new List<byte>(new EncodedBytes().AddVarint((ulong)data.Length).ToArray());
        foreach (var (start, literals, offset, length) in MatchFinder.Split(data))
        {
            if (literals > 0)
                AddSnappyLiteral(bytes, data.AsSpan(start, literals));
            for (var left = length; left > 0;)
            {
                // A remainder of less than four bytes would need the long form of a copy.
                var part = left > LongestSnappyMatch && left < LongestSnappyMatch + 4 ? left - 4 : Math.Min(left, LongestSnappyMatch);
                AddSnappyCopy(bytes, offset, part);
                left -= part;
            }
        }

        return [.. bytes];
    }

    /// <summary>An LZ4 block (lz4_Block_format.md of lz4/lz4).</summary>
    public static byte[] Lz4(byte[] data)
    {
        var bytes = new List<byte>();
        var pending = 0;
        foreach (var (start, literals, offset, length) in MatchFinder.Split(data))
        {
            // A block ends with literals, so a piece without a copy goes before those of the next.
            if (length == 0 || start + literals + length > data.Length - LastLz4Literals)
                continue;
            AddLz4(bytes, data.AsSpan(pending, start + literals - pending), offset, length);
            pending = start + literals + length;
        }

        AddLz4(bytes, data.AsSpan(pending), 0, 0);
        return [.. bytes];
    }

    /// <summary>A ZSTD frame of level 3 by libzstd; null where libzstd is not installed.</summary>
    public static byte[]? Zstd(byte[] data)
    {
        if (!NativeLibrary.TryLoad("libzstd.so.1", out var library))
            return null;
        var compress = (
            delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, int, nuint>)NativeLibrary.GetExport(library, "ZSTD_compress");
        var frame = new byte[data.Length + (data.Length / 128) + 512];
        fixed (byte* source = data)
        fixed (byte* target = frame)
            return frame[..(int)compress(target, (nuint)frame.Length, source, (nuint)data.Length, 3)];
    }

    private static void AddSnappyLiteral(List<byte> bytes, ReadOnlySpan<byte> literal)
    {
        var length = literal.Length - 1;
        var lengthBytes = length < MostTagLength ? 0 : length < 256 ? 1 : 2;
        bytes.Add((byte)(lengthBytes == 0 ? length << 2 : MostTagLength - 1 + lengthBytes << 2));
        for (var i = 0; i < lengthBytes; i++)
            bytes.Add((byte)(length >> (8 * i)));
        bytes.AddRange(literal);
    }

    private static void AddSnappyCopy(List<byte> bytes, int offset, int length)
    {
        if (length is >= 4 and < 12 && offset < 2048)
        {
            bytes.Add((byte)(1 | length - 4 << 2 | offset >> 8 << 5));
            bytes.Add((byte)offset);
            return;
        }

        bytes.Add((byte)(2 | length - 1 << 2));
        bytes.Add((byte)offset);
        bytes.Add((byte)(offset >> 8));
    }

    private static void AddLz4(List<byte> bytes, ReadOnlySpan<byte> literals, int offset, int length)
    {
        var rest = Math.Max(length - 4, 0);
        bytes.Add((byte)(Math.Min(NibbleEnd, literals.Length) << 4 | Math.Min(NibbleEnd, rest)));
        AddLz4Rest(bytes, literals.Length);
        bytes.AddRange(literals);
        if (length == 0)
            return;
        bytes.Add((byte)offset);
        bytes.Add((byte)(offset >> 8));
        AddLz4Rest(bytes, rest);
    }

    private static void AddLz4Rest(List<byte> bytes, int length)
    {
        if (length < NibbleEnd)
            return;
        for (length -= NibbleEnd; length >= 255; length -= 255)
            bytes.Add(255);
        bytes.Add((byte)length);
    }
}
