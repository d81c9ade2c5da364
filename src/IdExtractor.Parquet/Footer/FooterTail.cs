using System.Buffers.Binary;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Parquet.Footer;

/// <summary>
/// The last eight bytes of a Parquet file: the length of the footer and the magic (parquet-format,
/// "File format").
/// </summary>
public static class FooterTail
{
    /// <summary>Length of the tail, in bytes.</summary>
    public const int Length = 8;

    /// <summary>
    /// Leading magic, one byte of footer, the footer's length and trailing magic. Nothing shorter
    /// is a Parquet file.
    /// </summary>
    public const int MinFileLength = 13;

    /// <summary>Reads the length of the footer from the last bytes of the file.</summary>
    /// <param name="file">Name of the file, for messages.</param>
    /// <param name="tail">At least the last eight bytes of the file, or the whole file when it is
    /// shorter.</param>
    /// <param name="fileLength">Bytes in the file.</param>
    /// <param name="limits">Limits to enforce.</param>
    /// <returns>Length of the footer in bytes. The footer ends eight bytes before the end of the
    /// file.</returns>
    /// <exception cref="CorruptFileException">The file is not a Parquet file, or it is
    /// truncated.</exception>
    /// <exception cref="UnsupportedFileException">The file is encrypted.</exception>
    public static int ReadFooterLength(string file, ReadOnlySpan<byte> tail, long fileLength, ParquetLimits limits)
    {
        if (fileLength < MinFileLength)
        {
            throw new CorruptFileException("Not a Parquet file", new ErrorPlace
            {
                Object = file,
                Expected = $"at least {MinFileLength} bytes",
                Actual = $"{fileLength}",
            }, "rewrite or remove the file");
        }

        var magic = tail[^4..];
        if (magic.SequenceEqual("PARE"u8))
            throw new UnsupportedFileException("Encrypted Parquet file", ErrorPlace.Of(file), "write it without encryption");
        if (!magic.SequenceEqual("PAR1"u8))
        {
            throw new CorruptFileException("Not a Parquet file, or one that was cut", new ErrorPlace
            {
                Object = file,
                Offset = fileLength - 4,
                Expected = "the magic PAR1 at the end",
                Actual = "other bytes",
            }, "rewrite or remove the file");
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(tail[^Length..]);
        var room = fileLength - MinFileLength + 1;
        if (length == 0 || length > room || length > (uint)limits.MaxFooterBytes)
        {
            throw new CorruptFileException("The footer's length is impossible", new ErrorPlace
            {
                Object = file,
                Offset = fileLength - Length,
                Expected = $"1 to {Math.Min(room, limits.MaxFooterBytes)} bytes",
                Actual = $"{length}",
            }, "rewrite or remove the file");
        }

        return (int)length;
    }
}
