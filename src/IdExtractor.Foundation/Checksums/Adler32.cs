namespace IdExtractor.Foundation.Checksums;

/// <summary>Adler-32 (RFC 1950): the checksum of zlib streams.</summary>
public static class Adler32
{
    private const uint Modulus = 65521;

    // The most bytes before the second sum could pass 32 bits (RFC 1950's own bound).
    private const int Stretch = 5552;

    /// <summary>The checksum of <paramref name="data"/>; 1 for no data.</summary>
    public static uint Compute(ReadOnlySpan<byte> data)
    {
        uint a = 1;
        uint b = 0;
        while (!data.IsEmpty)
        {
            var stretch = data[..Math.Min(Stretch, data.Length)];
            foreach (var value in stretch)
            {
                a += value;
                b += a;
            }

            a %= Modulus;
            b %= Modulus;
            data = data[stretch.Length..];
        }

        return (b << 16) | a;
    }
}
