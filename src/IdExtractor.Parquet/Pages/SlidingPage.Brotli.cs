using System.Buffers;
using System.IO.Compression;

namespace IdExtractor.Parquet.Pages;

/// <content>Brotli streams, with the runtime's decoder. It has a window of its own, so only unread
/// output is kept here. Its native state cannot be reused: each page creates one.</content>
internal sealed unsafe partial class SlidingPage
{
    /// <summary>
    /// Compressed bytes to have ready: a call of the decoder costs more than a few of them take.
    /// </summary>
    private const int BrotliInput = 64 << 10;

    private BrotliDecoder _brotli;

    /// <summary>Decodes until there is output, or the page ends.</summary>
    private void AdvanceBrotli()
    {
        // The decoder asks for more room even where only the end of the stream is left. One byte
        // more than the page has detects surplus output.
        Span<byte> surplus = stackalloc byte[1];
        Slide();
        var before = _produced;
        while (_produced == before && !IsComplete)
        {
            var size = _pages.FillBody(BrotliInput);
            var room = new Span<byte>(_data + _produced, (int)Math.Min(_toProduce, _end - _produced));

            var isAtEnd = _toProduce == 0;
            var input = new ReadOnlySpan<byte>(_pages.Body, size);
            var result = _brotli.Decompress(input, isAtEnd ? surplus : room, out var consumed, out var written);
            if (isAtEnd && written != 0)
                Check(DecodeStatus.OutputTooLong);
            _pages.ConsumeBody(consumed);
            _produced += written;
            _toProduce -= written;
            Check(result switch
            {
                OperationStatus.Done when _pages.BodyLeft != 0 => DecodeStatus.InvalidLength,
                OperationStatus.Done when _toProduce != 0 => DecodeStatus.OutputTooShort,
                OperationStatus.Done or OperationStatus.DestinationTooSmall => DecodeStatus.Ok,
                OperationStatus.NeedMoreData => _pages.BodyLeft == 0 ? DecodeStatus.InputTooShort : DecodeStatus.Ok,
                _ => DecodeStatus.InvalidValue,
            });
            IsComplete = result == OperationStatus.Done;
        }
    }

    private void EndBrotli()
    {
        _brotli.Dispose();
        _brotli = default;
    }
}
