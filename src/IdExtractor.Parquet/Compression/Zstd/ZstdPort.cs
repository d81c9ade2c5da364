using ZstdSharp.Unsafe;

namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>
/// The library translated to C# (ZstdSharp.Port), for machines without libzstd. ADR 8 has its
/// speed.
/// </summary>
internal sealed unsafe class ZstdPort : ZstdFunctions
{
    private ZstdPort()
    {
    }

    /// <summary>The one instance; it has no state.</summary>
    public static ZstdPort Instance { get; } = new();

    /// <inheritdoc/>
    public override uint Version => Methods.ZSTD_versionNumber();

    /// <inheritdoc/>
    public override bool HasBlocks => true;

    /// <inheritdoc/>
    public override nint CreateContext() => (nint)Methods.ZSTD_createDCtx();

    /// <inheritdoc/>
    public override void FreeContext(nint context) => Methods.ZSTD_freeDCtx((ZSTD_DCtx_s*)context);

    /// <inheritdoc/>
    public override nuint Decompress(nint context, byte* output, nuint room, byte* input, nuint length) =>
        Methods.ZSTD_decompressDCtx((ZSTD_DCtx_s*)context, output, room, input, length);

    /// <inheritdoc/>
    public override nuint BeginBlocks(nint context) => Methods.ZSTD_decompressBegin((ZSTD_DCtx_s*)context);

    /// <inheritdoc/>
    public override nuint NextInput(nint context) => Methods.ZSTD_nextSrcSizeToDecompress((ZSTD_DCtx_s*)context);

    /// <inheritdoc/>
    public override nuint DecompressBlock(nint context, byte* output, nuint room, byte* input, nuint length) =>
        Methods.ZSTD_decompressContinue((ZSTD_DCtx_s*)context, output, room, input, length);

    /// <inheritdoc/>
    public override bool IsError(nuint result) => Methods.ZSTD_isError(result);

    /// <inheritdoc/>
    public override int ErrorCode(nuint result) => (int)Methods.ZSTD_getErrorCode(result);
}
