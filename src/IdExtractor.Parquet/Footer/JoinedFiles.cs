using System.Buffers.Binary;

namespace IdExtractor.Parquet.Footer;

/// <summary>
/// Recognizes files that were joined into one, as by <c>cat a.parquet b.parquet</c>. The last
/// footer counts its offsets from the beginning of its own file, so what it calls its pages are
/// bytes of the first file, and as many bytes as the first files have belong to nothing.
/// </summary>
internal static class JoinedFiles
{
    /// <summary>
    /// Bytes that belong to nothing in a sound file, such as padding before the footer or a bloom
    /// filter without a length, are at most this many, or the join is not found.
    /// </summary>
    public const int SearchedBytes = 64 << 10;

    /// <summary>
    /// Bytes after the last place where a file can begin that are needed to recognize it.
    /// </summary>
    public const int MagicBytes = 4;

    /// <summary>Finds where the last of several files begins.</summary>
    /// <param name="window">Bytes of the file, which end <see cref="MagicBytes"/> after the last
    /// place where a file can begin.</param>
    /// <param name="start">Where they begin in the file.</param>
    /// <returns>The first byte of the last file; null when the file is one.</returns>
    public static long? FindLast(ReadOnlySpan<byte> window, long start)
    {
        var seam = "PAR1PAR1"u8;
        for (var at = window.LastIndexOf(seam); at >= 0; at = window[..at].LastIndexOf(seam))
        {
            // Between the footer of the first file and its magic is the footer's length.
            var place = start + at + MagicBytes;
            if (at >= sizeof(int) && BinaryPrimitives.ReadUInt32LittleEndian(window[(at - sizeof(int))..]) is > 0 and var length
                && length <= place - FooterTail.MinFileLength + 1)
                return place;
        }

        return null;
    }
}
