using System.Buffers.Binary;

namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>
/// The tables of one part of the sequences: its own, and the one that the frame's last block with
/// sequences used.
/// </summary>
internal sealed class SequencePart(SequenceCodes codes)
{
    private readonly SequenceTable _own = new(codes);

    private enum Mode
    {
        Predefined,
        Rle,
        Compressed,
        Repeat,
    }

    /// <summary>The table in use; null until a block of the frame has chosen one.</summary>
    public SequenceTable? Current { get; private set; }

    /// <summary>Discards the table, as at the start of a frame.</summary>
    public void Reset() => Current = null;

    /// <summary>
    /// Selects the table that a block's header names (RFC 8878, section 3.1.1.3.2.1), and reads its
    /// description if there is one.
    /// </summary>
    public DecodeStatus Choose(int mode, ref ReadOnlySpan<byte> source)
    {
        var consumed = 0;
        DecodeStatus status;
        switch ((Mode)mode)
        {
            case Mode.Predefined:
                Current = codes.Predefined;
                return DecodeStatus.Ok;
            case Mode.Repeat:
                return Current is null ? DecodeStatus.InvalidHeader : DecodeStatus.Ok;
            case Mode.Rle:
                if (source.IsEmpty)
                    return DecodeStatus.InputTooShort;
                status = _own.Repeat(source[0]);
                consumed = 1;
                break;
            default:
                status = _own.Read(source, out consumed);
                break;
        }

        Current = _own;
        if (status == DecodeStatus.Ok)
            source = source[consumed..];
        return status;
    }
}

/// <summary>The number of sequences in a block (RFC 8878, section 3.1.1.3.2.1).</summary>
internal static class SequenceCount
{
    private const int LongForm = 0x7F00;

    /// <summary>Reads the number and moves past it.</summary>
    public static DecodeStatus Read(ref ReadOnlySpan<byte> source, out int count)
    {
        count = 0;
        if (source.IsEmpty)
            return DecodeStatus.InputTooShort;
        int first = source[0];
        var size = first < 128 ? 1 : first < 255 ? 2 : 3;
        if (source.Length < size)
            return DecodeStatus.InputTooShort;
        count = size switch
        {
            1 => first,
            2 => ((first - 128) << 8) + source[1],
            _ => BinaryPrimitives.ReadUInt16LittleEndian(source[1..]) + LongForm,
        };
        source = source[size..];
        return DecodeStatus.Ok;
    }
}
