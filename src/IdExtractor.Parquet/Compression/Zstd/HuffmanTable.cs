using System.Numerics;

namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>
/// Decoding table of a block's literals: the next 11 bits of a stream, whatever the code's own longest length, give a symbol (high byte) and
/// its length in bits (low byte).
/// </summary>
internal sealed class HuffmanTable
{
    /// <summary>Longest code of the format, in bits (RFC 8878, section 4.2.1), and the bits that index the table.</summary>
    public const int Log = 11;

    private readonly ushort[] _entries = new ushort[1 << Log];

    /// <summary>Whether this frame has read a code, so that a block may use it again.</summary>
    public bool IsSet { get; private set; }

    /// <summary>The table.</summary>
    public ReadOnlySpan<ushort> Entries => _entries;

    /// <summary>Discards the code, as at the start of a frame.</summary>
    public void Reset() => IsSet = false;

    /// <summary>Reads a code's description and builds its table.</summary>
    public DecodeStatus Read(ReadOnlySpan<byte> source, out int consumed)
    {
        IsSet = false;
        Span<byte> weights = stackalloc byte[HuffmanWeights.MaxCount + 1];
        var status = HuffmanWeights.Read(source, weights, out var count, out consumed);
        if (status != DecodeStatus.Ok)
            return status;
        if (!TryCompleteWeights(weights, ref count, out var log))
            return DecodeStatus.InvalidHeader;
        Build(weights[..count], log);
        IsSet = true;
        return DecodeStatus.Ok;
    }

    // The powers of two of the weights add up to a power of two; the last symbol's is the
    // difference.
    private static bool TryCompleteWeights(Span<byte> weights, ref int count, out int log)
    {
        log = 0;
        uint sum = 0;
        var ones = 0;
        foreach (var weight in weights[..count])
        {
            if (weight > Log)
                return false;
            sum += (1u << weight) >> 1;
            ones += weight == 1 ? 1 : 0;
        }

        if (sum == 0)
            return false;
        log = BitOperations.Log2(sum) + 1;
        var missing = (1u << log) - sum;
        if (log > Log || !BitOperations.IsPow2(missing))
            return false;
        var last = BitOperations.Log2(missing) + 1;
        weights[count++] = (byte)last;

        // The longest codes come in pairs, and there is at least one pair: otherwise every code
        // could be a bit shorter.
        ones += last == 1 ? 1 : 0;
        return ones >= 2 && (ones & 1) == 0;
    }

    // Codes ascend from the longest, and by symbol among codes of one length. A symbol has
    // 2^(weight - 1) cells in a table of its code's own size.
    private void Build(ReadOnlySpan<byte> weights, int log)
    {
        var position = 0;
        for (var weight = 1; weight <= log; weight++)
        {
            var cells = 1 << (weight - 1 + Log - log);
            for (var symbol = 0; symbol < weights.Length; symbol++)
            {
                if (weights[symbol] != weight)
                    continue;
                _entries.AsSpan(position, cells).Fill((ushort)((symbol << 8) | (log + 1 - weight)));
                position += cells;
            }
        }
    }
}
