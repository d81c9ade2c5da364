using IdExtractor.Testing.Buffers;
using Xunit;

namespace IdExtractor.Parquet.Tests.Compression;

/// <summary>A decoder from a whole page body to its whole output.</summary>
internal delegate DecodeStatus PageDecoder(ReadOnlySpan<byte> source, Span<byte> destination);

/// <summary>
/// Runs decoders on buffers that end and then begin at a guard page, so that nothing outside them
/// is touched unseen.
/// </summary>
internal sealed class GuardedDecoding(int capacity) : IDisposable
{
    private readonly GuardedArena _source = new(capacity);
    private readonly GuardedArena _destination = new(capacity);

    /// <summary>
    /// The status, which must be the same on both sides, and the output, which must be when it is
    /// Ok.
    /// </summary>
    public DecodeStatus Run(PageDecoder decoder, ReadOnlySpan<byte> source, int length, out byte[] output)
    {
        var destination = _destination.EndingAtGuard(length);
        destination.Fill(0xEE);
        var status = decoder(_source.EndingAtGuard(source), destination);
        output = destination.ToArray();

        destination = _destination.BeginningAtGuard(length);
        destination.Fill(0x11);
        Assert.Equal(status, decoder(_source.BeginningAtGuard(source), destination));
        if (status == DecodeStatus.Ok)
            AssertSame(output, destination);
        return status;
    }

    /// <summary>The status where the output is of no interest.</summary>
    public DecodeStatus Run(PageDecoder decoder, ReadOnlySpan<byte> source, int length) => Run(decoder, source, length, out _);

    /// <summary>Demands that the body decodes to <paramref name="expected"/>.</summary>
    public void AssertDecodes(PageDecoder decoder, ReadOnlySpan<byte> source, ReadOnlySpan<byte> expected)
    {
        Assert.Equal(DecodeStatus.Ok, Run(decoder, source, expected.Length, out var output));
        AssertSame(expected, output);
    }

    /// <summary>
    /// Demands a status other than Ok where the declared size is not that of the output, and where
    /// the body is cut anywhere or goes on.
    /// </summary>
    public void AssertRefusesOtherSizes(PageDecoder decoder, ReadOnlySpan<byte> source, int length)
    {
        Assert.Equal(DecodeStatus.OutputTooShort, Run(decoder, source, length + 1));
        if (length > 0)
            Assert.Equal(DecodeStatus.OutputTooLong, Run(decoder, source, length - 1));

        // Empty output stays empty, cut off or not.
        for (var cut = length == 0 ? 1 : 0; cut < source.Length; cut++)
            Assert.NotEqual(DecodeStatus.Ok, Run(decoder, source[..cut], length));
        foreach (byte extra in new byte[] { 0, 1, 0xFF })
            Assert.NotEqual(DecodeStatus.Ok, Run(decoder, [.. source, extra], length));
    }

    /// <summary>
    /// Flips every bit of every byte in turn. Where the format can see it the result must be a
    /// status; where it cannot, any output will do, as long as the decoder comes back and stays
    /// inside its buffers. Returns how many of the flips decoded.
    /// </summary>
    public int FlipEveryBit(PageDecoder decoder, ReadOnlySpan<byte> source, int length, byte[]? mustNotDiffer = null)
    {
        var decoded = 0;
        var flipped = source.ToArray();
        for (var bit = 0; bit < flipped.Length * 8; bit++)
        {
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            if (Run(decoder, flipped, length, out var output) == DecodeStatus.Ok)
            {
                decoded++;
                if (mustNotDiffer is not null)
                    AssertSame(mustNotDiffer, output);
            }

            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        return decoded;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _source.Dispose();
        _destination.Dispose();
    }

    private static void AssertSame(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        var at = expected.CommonPrefixLength(actual);
        Assert.True(at == expected.Length && at == actual.Length, $"The output differs from byte {at} of {expected.Length} on.");
    }
}
