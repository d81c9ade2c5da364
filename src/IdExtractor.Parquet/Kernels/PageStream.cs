using IdExtractor.Foundation.Memory;

namespace IdExtractor.Parquet.Kernels;

/// <summary>
/// One page of Snappy or LZ4 on its way through a sliding window. The owner refills the input and slides the output between runs of a kernel; whatever stands before
/// <see cref="Output"/> down to <see cref="History"/> must stay in place, up to 64 KiB of it.
/// </summary>
internal unsafe struct PageStream
{
    /// <summary>Which kernel the stream is for: <see cref="CompressionCodec.Snappy"/> or <see cref="CompressionCodec.Lz4Raw"/>.</summary>
    public CompressionCodec Codec;

    /// <summary>Next byte of compressed input.</summary>
    public byte* Input;

    /// <summary>First byte past the input that is at hand. At least <see cref="NativeBuffer.Slack"/> bytes past it may be read.</summary>
    public byte* InputEnd;

    /// <summary>Where the next byte of output goes.</summary>
    public byte* Output;

    /// <summary>First byte past the room for output. Up to 16 bytes past it may be overwritten.</summary>
    public byte* OutputEnd;

    /// <summary>The oldest output that a back-reference may reach: the start of the page, or of the window once that has slid.</summary>
    public byte* History;

    /// <summary>Bytes of a literal that has begun and whose tag or token has been consumed.</summary>
    public uint LiteralLeft;

    /// <summary>Bytes of an LZ4 match that are still to come, once its token has been consumed.</summary>
    public uint MatchLeft;

    /// <summary>How far back an LZ4 match begins, once its offset has been consumed.</summary>
    public uint MatchOffset;

    /// <summary>What comes next in an LZ4 block.</summary>
    public Lz4Phase Phase;

    /// <summary>No more input follows <see cref="InputEnd"/>: a tag or sequence that is not whole is an error.</summary>
    public bool IsInputComplete;

    /// <summary>The page ends at <see cref="OutputEnd"/>: a copy that does not fit is an error.</summary>
    public bool IsOutputComplete;

    /// <summary>What went wrong, if anything did.</summary>
    public DecodeStatus Status;
}
