using System.Buffers;
using System.IO.Compression;

namespace IdExtractor.Parquet.Compression;

/// <summary>Brotli (RFC 7932), by the runtime's decoder. It holds native state that cannot be used twice, so each page makes one.</summary>
internal static class BrotliPageDecoder
{
    /// <summary>Decodes one stream that must fill <paramref name="destination"/> and use up the input.</summary>
    public static DecodeStatus Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        // The decoder asks for more room even where only the stream's end is still to come, so a byte too many must show itself.
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
