using System.Buffers;
using System.IO.Compression;

namespace IdExtractor.Core.Parquet.Compression;

/// <summary>Brotli (RFC 7932), by the runtime's decoder. It holds native state that cannot be used twice, so each page makes one.</summary>
internal static class BrotliPageDecoder
{
    /// <summary>Decodes one stream that must fill <paramref name="destination"/> and use up the input.</summary>
    public static DecodeStatus Decode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var decoder = new BrotliDecoder();
        try
        {
            return decoder.Decompress(source, destination, out var consumed, out var written) switch
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
