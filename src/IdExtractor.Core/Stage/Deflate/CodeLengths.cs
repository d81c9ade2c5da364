using System.Diagnostics;

namespace IdExtractor.Core.Stage.Deflate;

/// <summary>
/// The beginning of a block of deflate: the lengths of its codes, runs of equal ones in short, by a
/// code of their own (RFC 1951 section 3.2.7).
/// </summary>
/// <param name="maxSymbols">Symbols of both alphabets together.</param>
/// <remarks>Reusable. One instance a thread.</remarks>
internal sealed class CodeLengths(int maxSymbols)
{
    private const int Symbols = 19;
    private const int MaxBits = 7;
    private const int RepeatBefore = 16;
    private const int FewZeros = 17;
    private const int ManyZeros = 18;
    private const int LiteralLengthMin = 257;
    private const int DistanceMin = 1;
    private const int OrderMin = 4;

    private readonly PrefixCode _code = new(Symbols, MaxBits);
    private readonly byte[] _lengths = new byte[maxSymbols];
    private readonly (byte Symbol, byte Repeats)[] _runs = new (byte, byte)[maxSymbols];

    /// <summary>
    /// The order in which the lengths of this code are stored. Those that may be omitted come last.
    /// </summary>
    private static ReadOnlySpan<byte> Order => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>Writes the code lengths of two finished prefix codes.</summary>
    public void Write(ref DeflateWriter writer, PrefixCode literalLengths, PrefixCode distances)
    {
        var literals = Math.Max(literalLengths.Used, LiteralLengthMin);
        var far = Math.Max(distances.Used, DistanceMin);
        literalLengths.Lengths[..literals].CopyTo(_lengths);
        distances.Lengths[..far].CopyTo(_lengths.AsSpan(literals));
        var runs = Shorten(_lengths.AsSpan(0, literals + far));
        _code.Build();

        var used = Symbols;
        while (used > OrderMin && _code.Lengths[Order[used - 1]] == 0)
            used--;
        writer.Put(literals - LiteralLengthMin, 5);
        writer.Put(far - DistanceMin, 5);
        writer.Put(used - OrderMin, 4);
        foreach (var symbol in Order[..used])
            writer.Put(_code.Lengths[symbol], 3);
        foreach (var (symbol, repeats) in runs)
        {
            writer.Put(_code.Codes[symbol]);
            if (symbol >= RepeatBefore)
                writer.Put(repeats - LeastRepeats(symbol), RepeatBits(symbol));
        }
    }

    private static int LeastRepeats(int symbol) => symbol == ManyZeros ? 11 : 3;

    private static int MostRepeats(int symbol) => LeastRepeats(symbol) + (1 << RepeatBits(symbol)) - 1;

    private static int RepeatBits(int symbol) => symbol switch
    {
        RepeatBefore => 2,
        FewZeros => 3,
        _ => 7,
    };

    /// <summary>Turns lengths into symbols of this code, and counts them.</summary>
    private ReadOnlySpan<(byte Symbol, byte Repeats)> Shorten(ReadOnlySpan<byte> lengths)
    {
        _code.Frequencies.Clear();
        var count = 0;
        while (!lengths.IsEmpty)
        {
            var value = lengths[0];
            var run = lengths.IndexOfAnyExcept(value);
            run = run < 0 ? lengths.Length : run;
            lengths = lengths[run..];
            if (value != 0)
            {
                Append(ref count, value, 1);
                run--;
            }

            while (run > 0)
            {
                var symbol = value != 0 ? RepeatBefore : run >= LeastRepeats(ManyZeros) ? ManyZeros : FewZeros;
                if (run < LeastRepeats(symbol))
                {
                    Append(ref count, value, 1);
                    run--;
                    continue;
                }

                var repeats = Math.Min(run, MostRepeats(symbol));
                Append(ref count, (byte)symbol, (byte)repeats);
                run -= repeats;
            }
        }

        Debug.Assert(count <= _runs.Length, "more symbols than lengths");
        return _runs.AsSpan(0, count);
    }

    private void Append(ref int count, byte symbol, byte repeats)
    {
        _code.Frequencies[symbol]++;
        _runs[count++] = (symbol, repeats);
    }
}
