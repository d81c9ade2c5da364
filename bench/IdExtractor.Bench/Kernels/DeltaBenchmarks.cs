using BenchmarkDotNet.Attributes;
using IdExtractor.Bench.Measuring;
using IdExtractor.Bench.Pages;
using IdExtractor.Parquet.Encodings;
using IdExtractor.Testing.Pages;

namespace IdExtractor.Bench.Kernels;

/// <summary>
/// The delta encodings, in batches as columns are read: integers, and documents as
/// DELTA_LENGTH_BYTE_ARRAY and DELTA_BYTE_ARRAY have them. An operation is one value. The limit is
/// <see cref="Copy"/>, which copies as many documents.
/// </summary>
public class DeltaBenchmarks
{
    private const int Values = 1 << 14;
    private const int Batch = 4096;
    private const int DocumentLength = PageData.DocumentBytes - sizeof(int);

    private readonly long[] _longs = new long[Batch];
    private readonly int[] _offsets = new int[Batch];
    private readonly int[] _lengths = new int[Batch];
    private readonly byte[] _arena = new byte[256 << 10];
    private byte[] _integers = [];
    private byte[] _deltaLength = [];
    private byte[] _deltaBytes = [];

    /// <summary>Makes the pages.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        var documents = PageData.Documents(seed: 1, Values);
        _integers = PlainEncoders.DeltaBinaryPacked(
            [.. Enumerable.Range(0, Values).Select(_ => random.NextInt64(100_000_000_000))], is32Bit: false);
        _deltaLength = PlainEncoders.DeltaLengthByteArray(documents);
        _deltaBytes = PlainEncoders.DeltaByteArray(documents);
    }

    /// <summary>The limit.</summary>
    [Benchmark(OperationsPerInvoke = Values, Baseline = true)]
    [OutputBytes(DocumentLength)]
    public void Copy()
    {
        for (var i = 0; i < Values; i += Batch)
            _deltaLength.AsSpan(i, Batch * DocumentLength).CopyTo(_arena);
    }

    /// <summary>Documents as 64-bit integers.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    [OutputBytes(sizeof(long))]
    public void DeltaBinaryPacked()
    {
        var decoder = default(DeltaBinaryPackedDecoder);
        Sound.Check(decoder.Init(_integers, 0, _integers.Length, is32Bit: false));
        for (var i = 0; i < Values; i += Batch)
            Sound.Check(decoder.Read(_integers, _longs));
    }

    /// <summary>Offsets and lengths only; the bytes stay where they are.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    [OutputBytes(DocumentLength)]
    public void DeltaLengthByteArray()
    {
        var decoder = default(DeltaLengthByteArrayDecoder);
        Sound.Check(decoder.Init(_deltaLength, 0, _deltaLength.Length));
        for (var i = 0; i < Values; i += Batch)
            Sound.Check(decoder.Read(_deltaLength, _offsets, _lengths));
    }

    /// <summary>Prefixes and suffixes, put together.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    [OutputBytes(DocumentLength)]
    public void DeltaByteArray()
    {
        var decoder = default(DeltaByteArrayDecoder);
        Sound.Check(decoder.Init(_deltaBytes, 0, _deltaBytes.Length));
        for (var i = 0; i < Values; i += Batch)
        {
            var used = 0;
            Sound.Check(decoder.Read(_deltaBytes, _arena, ref used, _offsets, _lengths, out _));
        }
    }
}
