using IdExtractor.Foundation.Memory;

namespace IdExtractor.Parquet.Kernels;

/// <summary>
/// The state of a Snappy or LZ4 page that is being decoded through a sliding window. Between runs
/// of a kernel the owner refills the input and slides the output. The bytes from
/// <see cref="History"/> to <see cref="Output"/> must stay in place, up to 64 KiB of them.
/// </summary>
internal unsafe struct PageStream
{
    /// <summary>
    /// Which kernel the stream is for: <see cref="CompressionCodec.Snappy"/> or
    /// <see cref="CompressionCodec.Lz4Raw"/>.
    /// </summary>
    public CompressionCodec Codec;

    /// <summary>Next byte of compressed input.</summary>
    public byte* Input;

    /// <summary>
    /// First byte past the current input. At least <see cref="NativeBuffer.Slack"/> bytes past it
    /// may be read.
    /// </summary>
    public byte* InputEnd;

    /// <summary>Where the next byte of output goes.</summary>
    public byte* Output;

    /// <summary>
    /// First byte past the room for output. Up to 16 bytes past it may be overwritten.
    /// </summary>
    public byte* OutputEnd;

    /// <summary>
    /// The oldest output that a back-reference may reach: the start of the page, or of the window
    /// once it has slid.
    /// </summary>
    public byte* History;

    /// <summary>Bytes left of the current literal, whose tag or token has been consumed.</summary>
    public uint LiteralLeft;

    /// <summary>
    /// More than 0 while <see cref="SnappyPairLockStep"/> is worth trying. Grows with the pairs
    /// that it decodes and shrinks with the exceptions.
    /// </summary>
    public int PairCredit;

    /// <summary>The output after the last exception. Only compared: it may have slid out.</summary>
    public byte* LastException;

    /// <summary>Bytes left of the current LZ4 match, once its token has been consumed.</summary>
    public uint MatchLeft;

    /// <summary>The offset of the current LZ4 match, once it has been consumed.</summary>
    public uint MatchOffset;

    /// <summary>What comes next in an LZ4 block.</summary>
    public Lz4Phase Phase;

    /// <summary>
    /// No more input follows <see cref="InputEnd"/>: an incomplete tag or sequence is an error.
    /// </summary>
    public bool IsInputComplete;

    /// <summary>
    /// The page ends at <see cref="OutputEnd"/>: a copy that does not fit is an error.
    /// </summary>
    public bool IsOutputComplete;

    /// <summary>What went wrong, if anything did.</summary>
    public DecodeStatus Status;
}
