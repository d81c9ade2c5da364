using BenchmarkDotNet.Attributes;
using IdExtractor.Bench.Measuring;
using IdExtractor.Parquet.Encodings;

namespace IdExtractor.Bench.Kernels;

/// <summary>
/// Bit-packed values, as of dictionary indices and deltas. An operation is one value (4 bytes of
/// output). The limit is <see cref="Fill"/>, which writes as much.
/// </summary>
public class BitUnpackBenchmarks
{
    private const int Values = 1 << 14;

    private readonly uint[] _values = new uint[Values];
    private byte[] _packed = [];

    /// <summary>Bits per value.</summary>
    [Params(1, 7, 14, 20, 25, 32)]
    public int Width { get; set; }

    /// <summary>Any bits will do.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _packed = new byte[Values / 8 * Width];
        new Random(1).NextBytes(_packed);
    }

    /// <summary>The limit.</summary>
    [Benchmark(OperationsPerInvoke = Values, Baseline = true)]
    [OutputBytes(sizeof(uint))]
    public void Fill() => _values.AsSpan().Fill((uint)Width);

    /// <summary>The fastest variant.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    [OutputBytes(sizeof(uint))]
    public void Unpack() => BitUnpacker.Unpack32(_packed, 0, Width, _values);

    /// <summary>The reference implementation.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    [OutputBytes(sizeof(uint))]
    public void Scalar() => BitUnpacker.Unpack32Scalar(_packed, 0, Width, _values);
}
