using IdExtractor.Parquet.Compression;

namespace IdExtractor.Parquet.Kernels;

/// <summary>
/// Decodes a stream one sequence at a time, with every bound checked (lz4_Block_format.md of
/// lz4/lz4). This is the reference implementation of <see cref="Lz4LockStep"/>, and its fallback
/// for long or overlapping sequences and near the ends. It can stop anywhere: a length, literals
/// and a match may each be longer than the current input or room.
/// </summary>
internal static unsafe class Lz4SequenceDecoder
{
    /// <summary>The shortest match. A token stores the match length minus this.</summary>
    public const int MinimumMatch = 4;

    private const int LongLength = 15;

    /// <summary>
    /// Decodes one sequence, or the rest of one, as far as input and room allow. Reads no byte past
    /// InputEnd and writes none past OutputEnd.
    /// </summary>
    /// <returns>False when nothing could be done: no input, no room, or an error.</returns>
    public static bool Step(ref PageStream stream)
    {
        if (stream.Status != DecodeStatus.Ok)
            return false;
        var (input, output) = ((nint)stream.Input, (nint)stream.Output);
        do
        {
            if (!Advance(ref stream))
                return stream.Status == DecodeStatus.Ok && (input != (nint)stream.Input || output != (nint)stream.Output);
        }
        while (stream.Phase != Lz4Phase.Token);
        return true;
    }

    /// <summary>
    /// Ends a page whose output is complete. A block ends with literals, possibly zero of them:
    /// after a final match there must be a token without literals.
    /// </summary>
    /// <param name="stream">
    /// The stream, with all the rest of its input, or at least two bytes of it.
    /// </param>
    /// <returns>Ok when the block ends here; its last byte has then been consumed.</returns>
    public static DecodeStatus End(ref PageStream stream)
    {
        var left = stream.InputEnd - stream.Input;
        if (stream.Phase == Lz4Phase.Token && left == 1 && *stream.Input >> 4 == 0)
        {
            stream.Input++;
            stream.Phase = Lz4Phase.Offset;
            return DecodeStatus.Ok;
        }

        if (left > 0 || stream.LiteralLeft > 0 || stream.Phase == Lz4Phase.Match)
            return DecodeStatus.OutputTooLong;
        return stream.Phase == Lz4Phase.Offset ? DecodeStatus.Ok : DecodeStatus.InputTooShort;
    }

    /// <summary>Completes the current phase. Returns false when it cannot.</summary>
    private static bool Advance(ref PageStream stream) => stream.Phase switch
    {
        Lz4Phase.Token => ReadToken(ref stream),
        Lz4Phase.LiteralLength => ReadLength(ref stream, ref stream.LiteralLeft, Lz4Phase.Literals),
        Lz4Phase.Literals => CopyLiterals(ref stream),
        Lz4Phase.Offset => ReadOffset(ref stream),
        Lz4Phase.MatchLength => ReadLength(ref stream, ref stream.MatchLeft, Lz4Phase.Match),
        _ => CopyMatch(ref stream),
    };

    private static bool ReadToken(ref PageStream stream)
    {
        if (stream.Input == stream.InputEnd)
            return Starve(ref stream);
        uint token = *stream.Input++;
        stream.LiteralLeft = token >> 4;
        stream.MatchLeft = (token & LongLength) + MinimumMatch;
        stream.Phase = stream.LiteralLeft == LongLength ? Lz4Phase.LiteralLength : Lz4Phase.Literals;
        return true;
    }

    /// <summary>Adds bytes to a length, up to and including the first that is not 255.</summary>
    private static bool ReadLength(ref PageStream stream, ref uint length, Lz4Phase next)
    {
        while (stream.Input < stream.InputEnd)
        {
            var part = *stream.Input++;
            length += part;
            if (part != byte.MaxValue)
            {
                stream.Phase = next;
                return true;
            }

            // No page is that long, and the sum must not wrap around.
            if (length > int.MaxValue)
                return Fail(ref stream, DecodeStatus.OutputTooLong);
        }

        return Starve(ref stream);
    }

    private static bool CopyLiterals(ref PageStream stream)
    {
        var count = (uint)Math.Min(stream.LiteralLeft, (ulong)Math.Min(stream.InputEnd - stream.Input, stream.OutputEnd - stream.Output));
        Buffer.MemoryCopy(stream.Input, stream.Output, count, count);
        stream.Input += count;
        stream.Output += count;
        stream.LiteralLeft -= count;
        if (stream.LiteralLeft > 0)
            return stream.Input == stream.InputEnd && Starve(ref stream);
        stream.Phase = Lz4Phase.Offset;
        return true;
    }

    private static bool ReadOffset(ref PageStream stream)
    {
        var available = stream.InputEnd - stream.Input;
        if (available < sizeof(ushort))
            return available > 0 && Starve(ref stream);
        stream.MatchOffset = LittleEndian.UInt16(stream.Input);
        if (stream.MatchOffset == 0 || stream.MatchOffset > stream.Output - stream.History)
            return Fail(ref stream, DecodeStatus.InvalidOffset);
        stream.Input += sizeof(ushort);
        stream.Phase = stream.MatchLeft == LongLength + MinimumMatch ? Lz4Phase.MatchLength : Lz4Phase.Match;
        return true;
    }

    private static bool CopyMatch(ref PageStream stream)
    {
        var count = (uint)Math.Min(stream.MatchLeft, (ulong)(stream.OutputEnd - stream.Output));
        if (count == 0)
            return false;
        BackReference.Repeat(stream.Output, stream.MatchOffset, count, stream.OutputEnd);
        stream.Output += count;
        stream.MatchLeft -= count;
        if (stream.MatchLeft > 0)
            return false;
        stream.Phase = Lz4Phase.Token;
        return true;
    }

    /// <summary>
    /// The current input ends inside the sequence, which is an error when no more follows.
    /// </summary>
    private static bool Starve(ref PageStream stream) => stream.IsInputComplete && Fail(ref stream, DecodeStatus.InputTooShort);

    private static bool Fail(ref PageStream stream, DecodeStatus status)
    {
        stream.Status = status;
        return false;
    }
}
