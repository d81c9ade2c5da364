using BenchmarkDotNet.Attributes;
using IdExtractor.Bench.Measuring;
using IdExtractor.Foundation.Checksums;

namespace IdExtractor.Bench.Kernels;

/// <summary>
/// CRC-32 of page bodies. An operation is one piece as it is read. The limit of folding is one
/// carry-less multiplication of 16 bytes per cycle; <see cref="Sum"/> just loads the bytes.
/// </summary>
public class ChecksumBenchmarks
{
    private const int Bytes = 64 << 10;

    private readonly byte[] _body = new byte[Bytes];

    /// <summary>Any bytes will do.</summary>
    [GlobalSetup]
    public void Setup() => new Random(1).NextBytes(_body);

    /// <summary>The limit: every byte loaded.</summary>
    [Benchmark(Baseline = true)]
    [OutputBytes(Bytes)]
    public int Sum() => _body.AsSpan().Count((byte)0);

    /// <summary>The fastest variant.</summary>
    [Benchmark]
    [OutputBytes(Bytes)]
    public uint Crc() => Crc32.Append(0, _body);

    /// <summary>The reference implementation.</summary>
    [Benchmark]
    [OutputBytes(Bytes)]
    public uint Scalar() => Crc32.AppendScalar(0, _body);
}
