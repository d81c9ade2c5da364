using System.Buffers.Binary;

namespace IdExtractor.Foundation.Gzip;

/// <summary>The end of a gzip member (RFC 1952, section 2.3.1).</summary>
/// <param name="Crc">CRC-32 of the text.</param>
/// <param name="TextLength">Bytes of the text, modulo 2^32.</param>
internal readonly record struct GzipTrailer(uint Crc, uint TextLength)
{
    /// <summary>Its length in bytes.</summary>
    public const int Bytes = 2 * sizeof(uint);

    /// <summary>Reads a trailer.</summary>
    /// <param name="source">At least <see cref="Bytes"/> bytes.</param>
    public static GzipTrailer Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt32LittleEndian(source), BinaryPrimitives.ReadUInt32LittleEndian(source[sizeof(uint)..]));

    /// <summary>Writes the trailer.</summary>
    /// <param name="destination">At least <see cref="Bytes"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Crc);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[sizeof(uint)..], TextLength);
    }
}
