using BenchmarkDotNet.Attributes;
using IdExtractor.Bench.Measuring;
using IdExtractor.Bench.Pages;
using IdExtractor.Parquet.Encodings;

namespace IdExtractor.Bench.Kernels;

/// <summary>
/// BYTE_STREAM_SPLIT put together again: integers, and documents of 14 bytes. An operation is one
/// batch of 64 KiB. The limit is <see cref="Copy"/>, which copies as much.
/// </summary>
public class ByteStreamSplitBenchmarks
{
    private const int Bytes = 64 << 10;

    private byte[] _streams = [];
    private byte[] _values = [];
    private int _count;

    /// <summary>Bytes per value.</summary>
    [Params(4, 8, 14)]
    public int Width { get; set; }

    /// <summary>Any bytes will do.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _count = Bytes / Width;
        _streams = new byte[_count * Width];
        _values = new byte[_count * Width];
        new Random(1).NextBytes(_streams);
    }

    /// <summary>The limit.</summary>
    [Benchmark(Baseline = true)]
    [OutputBytes(Bytes)]
    public void Copy() => _streams.CopyTo(_values.AsSpan());

    /// <summary>The fastest variant.</summary>
    [Benchmark]
    [OutputBytes(Bytes)]
    public void Decode() => Sound.Check(ByteStreamSplit.Decode(_streams, 0, _streams.Length, Width, _count, 0, _values));

    /// <summary>The reference implementation.</summary>
    [Benchmark]
    [OutputBytes(Bytes)]
    public void Scalar() => ByteStreamSplit.DecodeScalar(_streams, Width, _count, 0, _values);
}
