using System.Buffers.Binary;
using IdExtractor.Parquet.Compression;

namespace IdExtractor.Parquet.Kernels;

/// <summary>
/// Decodes a stream one tag at a time, with every bound checked (format_description.txt of
/// google/snappy). This is the reference implementation of <see cref="SnappyLockStep"/>, and its
/// fallback for rare tags and near the ends.
/// </summary>
internal static unsafe class SnappyTagDecoder
{
    /// <summary>
    /// Decodes one tag, or continues a literal. Reads no byte past InputEnd and writes none past
    /// OutputEnd.
    /// </summary>
    /// <returns>False when nothing could be done: no whole tag, no room for a copy, or an
    /// error.</returns>
    public static bool Step(ref PageStream stream)
    {
        if (stream.LiteralLeft > 0)
            return CopyLiteral(ref stream);
        var available = stream.InputEnd - stream.Input;
        if (available <= 0)
            return false;
        int tag = *stream.Input;
        var tagSize = TagSize(tag);
        if (tagSize > available)
        {
            if (stream.IsInputComplete)
                stream.Status = DecodeStatus.InputTooShort;
            return false;
        }

        if ((tag & 3) == 0)
        {
            var length = (uint)(tag >> 2);
            if (length >= 60)
            {
                length = 0;
                for (var i = tagSize - 1; i > 0; i--)
                    length = length << 8 | stream.Input[i];
            }

            if (length == uint.MaxValue)
            {
                stream.Status = DecodeStatus.InvalidLength;
                return false;
            }

            stream.Input += tagSize;
            stream.LiteralLeft = length + 1;
            return CopyLiteral(ref stream) || stream.Status == DecodeStatus.Ok;
        }

        return CopyBack(ref stream, tag, tagSize);
    }

    private static int TagSize(int tag) => (tag & 3) switch
    {
        0 => tag >> 2 < 60 ? 1 : (tag >> 2) - 58,
        1 => 2,
        2 => 3,
        _ => 5,
    };

    private static bool CopyLiteral(ref PageStream stream)
    {
        var count = Math.Min(stream.LiteralLeft, (ulong)Math.Min(stream.InputEnd - stream.Input, stream.OutputEnd - stream.Output));
        if (count == 0)
        {
            if (stream.IsInputComplete && stream.Input == stream.InputEnd)
                stream.Status = DecodeStatus.InputTooShort;
            return false;
        }

        Buffer.MemoryCopy(stream.Input, stream.Output, count, count);
        stream.Input += count;
        stream.Output += count;
        stream.LiteralLeft -= (uint)count;
        return true;
    }

    private static bool CopyBack(ref PageStream stream, int tag, int tagSize)
    {
        uint offset;
        int length;
        if (tagSize == 2)
        {
            offset = (uint)(tag >> 5) << 8 | stream.Input[1];
            length = 4 + (tag >> 2 & 7);
        }
        else
        {
            offset = tagSize == 3
                ? BinaryPrimitives.ReadUInt16LittleEndian(new ReadOnlySpan<byte>(stream.Input + 1, 2))
                : BinaryPrimitives.ReadUInt32LittleEndian(new ReadOnlySpan<byte>(stream.Input + 1, 4));
            length = 1 + (tag >> 2);
        }

        if (offset == 0 || offset > stream.Output - stream.History)
        {
            stream.Status = DecodeStatus.InvalidOffset;
            return false;
        }

        if (length > stream.OutputEnd - stream.Output)
        {
            if (stream.IsOutputComplete)
                stream.Status = DecodeStatus.OutputTooLong;
            return false;
        }

        stream.Input += tagSize;
        BackReference.Repeat(stream.Output, offset, length, stream.OutputEnd);
        stream.Output += length;
        return true;
    }
}
