using System.Numerics;

namespace IdExtractor.Parquet.Compression.Zstd;

/// <summary>A state of an FSE decoder: its symbol, and how the next state follows: <see cref="Base"/> plus <see cref="Bits"/> bits of the stream.</summary>
internal readonly record struct FseCell(byte Symbol, byte Bits, ushort Base);

/// <summary>Spreads a distribution over the states of a decoder (RFC 8878, section 4.1.1, "From normalized distribution to decoding tables").</summary>
internal static class FseTable
{
    /// <summary>Largest accuracy of any table of the format.</summary>
    public const int MaxLog = 9;

    /// <summary>
    /// Fills the 2^<paramref name="log"/> cells from counts whose shares add up to that number.
    /// </summary>
    public static void Build(ReadOnlySpan<short> counts, int log, Span<FseCell> cells)
    {
        var size = 1 << log;
        var mask = size - 1;
        cells = cells[..size];

        // Where each symbol's states start, in the order of the next state.
        Span<ushort> next = stackalloc ushort[counts.Length];
        var high = mask;
        for (var symbol = 0; symbol < counts.Length; symbol++)
        {
            var isRare = counts[symbol] < 0;
            next[symbol] = isRare ? (ushort)1 : (ushort)counts[symbol];
            if (isRare)
                cells[high--] = new FseCell((byte)symbol, 0, 0);
        }

        var step = (size >> 1) + (size >> 3) + 3;
        var position = 0;
        for (var symbol = 0; symbol < counts.Length; symbol++)
        {
            for (var i = 0; i < counts[symbol]; i++)
            {
                cells[position] = new FseCell((byte)symbol, 0, 0);
                do
                    position = (position + step) & mask;
                while (position > high);
            }
        }

        for (var state = 0; state < size; state++)
        {
            var symbol = cells[state].Symbol;
            uint order = next[symbol]++;
            var bits = log - BitOperations.Log2(order);
            cells[state] = new FseCell(symbol, (byte)bits, (ushort)((order << bits) - size));
        }
    }
}
