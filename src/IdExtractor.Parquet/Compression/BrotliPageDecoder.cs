using System.Buffers;
using System.IO.Compression;

namespace IdExtractor.Parquet.Compression;

/// <summary>
/// Brotli (RFC 7932), with the runtime's decoder. Its native state cannot be reused, so each page
/// creates one.
/// </summary>
internal static class BrotliPageDecoder
{
    /// <summary>
    /// Decodes one stream that must fill <paramref name="destination"/> and use up the input.
    /// </summary>
    public static DecodeStatus Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        // The decoder requests more room even when only the end of the stream is left. One extra
        // byte detects surplus output.
        Span<byte> surplus = stackalloc byte[1];
        var decoder = new BrotliDecoder();
        try
        {
            var result = decoder.Decompress(source, destination, out var consumed, out var written);
            if (result == OperationStatus.DestinationTooSmall && written == destination.Length)
            {
                source = source[consumed..];
                result = decoder.Decompress(source, surplus, out consumed, out var surplusWritten);
                if (surplusWritten != 0)
                    return DecodeStatus.OutputTooLong;
            }

            return result switch
            {
                OperationStatus.Done when consumed != source.Length => DecodeStatus.InvalidLength,
                OperationStatus.Done when written != destination.Length => DecodeStatus.OutputTooShort,
                OperationStatus.Done => DecodeStatus.Ok,
                OperationStatus.DestinationTooSmall => DecodeStatus.OutputTooLong,
                OperationStatus.NeedMoreData => DecodeStatus.InputTooShort,
                _ => DecodeStatus.InvalidValue,
            };
        }
        finally
        {
            decoder.Dispose();
        }
    }
}
