using System.Buffers.Binary;

namespace IdExtractor.Parquet.Footer;

/// <summary>
/// Recognizes files that were concatenated, as by <c>cat a.parquet b.parquet</c>. The last footer
/// counts its offsets from the start of its own file, so they point to bytes of the first file. As
/// many bytes as the earlier files have are then unaccounted for.
/// </summary>
internal static class JoinedFiles
{
    /// <summary>
    /// The most unaccounted bytes expected in a valid file, such as padding before the footer or a
    /// bloom filter without a length. With more than this, the join is not found.
    /// </summary>
    public const int SearchedBytes = 64 << 10;

    /// <summary>Bytes needed after the last possible start of a file to recognize it.</summary>
    public const int MagicBytes = 4;

    /// <summary>Finds where the last of several files begins.</summary>
    /// <param name="window">Bytes of the file, up to <see cref="MagicBytes"/> after the last
    /// possible start of a file.</param>
    /// <param name="start">Offset of the window in the file.</param>
    /// <returns>The first byte of the last file; null when the file was not concatenated.</returns>
    public static long? FindLast(ReadOnlySpan<byte> window, long start)
    {
        var seam = "PAR1PAR1"u8;
        for (var at = window.LastIndexOf(seam); at >= 0; at = window[..at].LastIndexOf(seam))
        {
            // The first file ends with its footer, the footer's length and the magic.
            var place = start + at + MagicBytes;
            if (at >= sizeof(int) && BinaryPrimitives.ReadUInt32LittleEndian(window[(at - sizeof(int))..]) is > 0 and var length
                && length <= place - FooterTail.MinFileLength + 1)
                return place;
        }

        return null;
    }
}
