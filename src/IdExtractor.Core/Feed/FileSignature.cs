using IdExtractor.Foundation.Gzip;

namespace IdExtractor.Core.Feed;

/// <summary>The first bytes that show that a supposed text file is something else.</summary>
internal static class FileSignature
{
    /// <summary>Maximum number of bytes that <see cref="Find"/> needs.</summary>
    public const int MaxLength = 6;

    private const string Workbook = "save the sheet as CSV in UTF-8";

    /// <summary>
    /// Returns the type of a file that begins with exactly these bytes; null for text, and until
    /// there are enough bytes.
    /// </summary>
    public static Found? Find(ReadOnlySpan<byte> start) => start switch
    {
        [0xFF, 0xFE] or [0xFE, 0xFF] => new("UTF-16 text", "save it as UTF-8"),
        [GzipHeader.Magic1, GzipHeader.Magic2] =>
            new("gzipped, which its name does not say", "give it a name that ends with .gz, or unpack it"),
        [(byte)'P', (byte)'K', 3, 4] => new("a zip archive, such as an Excel workbook (.xlsx)", Workbook),
        [0xD0, 0xCF, 0x11, 0xE0] => new("an Excel workbook (.xls)", Workbook),
        [(byte)'P', (byte)'A', (byte)'R', (byte)'1', < (byte)'\t' or > (byte)'\r' and < (byte)' '] =>
            new("a Parquet file, which its name does not say", "give the folder that holds it, without .csv or .txt at the end"),
        [0x28, 0xB5, 0x2F, 0xFD] => new("compressed by zstd", "unpack it, or compress it by gzip"),
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', 0x31, 0x41] =>
            new("compressed by bzip2", "unpack it, or compress it by gzip"),
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0] => new("compressed by xz", "unpack it, or compress it by gzip"),
        _ => null,
    };

    /// <summary>The type of a file.</summary>
    /// <param name="What">The text after <c>is</c>.</param>
    /// <param name="Advice">What to do about it.</param>
    public sealed record Found(string What, string Advice);
}
