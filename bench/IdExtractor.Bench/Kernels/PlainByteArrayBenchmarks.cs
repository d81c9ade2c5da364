using BenchmarkDotNet.Attributes;
using IdExtractor.Bench.Measuring;
using IdExtractor.Bench.Pages;
using IdExtractor.Parquet.Encodings;

namespace IdExtractor.Bench.Kernels;

/// <summary>
/// Offsets and lengths of the byte arrays of a PLAIN page, in batches as columns are read. An
/// operation is one value. The limit is <see cref="Fill"/>, which writes as many offsets and
/// lengths without reading the page.
/// </summary>
public class PlainByteArrayBenchmarks
{
    private const int Values = 1 << 16;
    private const int Batch = 4096;

    private readonly int[] _offsets = new int[Batch];
    private readonly int[] _lengths = new int[Batch];
    private byte[] _equal = [];
    private byte[] _mixed = [];

    /// <summary>Makes the pages.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _equal = PageData.Plain(PageData.Documents(seed: 1, Values));
        _mixed = PageData.Plain(PageData.MixedDocuments(seed: 1, Values));
    }

    /// <summary>The limit.</summary>
    [Benchmark(OperationsPerInvoke = Values, Baseline = true)]
    public void Fill()
    {
        for (var i = 0; i < Values; i += Batch)
        {
            _offsets.AsSpan().Fill(i);
            _lengths.AsSpan().Fill(i);
        }
    }

    /// <summary>Values of one length.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    [OutputBytes(PageData.DocumentBytes)]
    public void EqualLengths()
    {
        var position = 0;
        for (var i = 0; i < Values; i += Batch)
            Sound.Check(PlainByteArray.Decode(_equal, ref position, _equal.Length, _offsets, _lengths));
    }

    /// <summary>Values of which one in five is longer.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    public void MixedLengths()
    {
        var position = 0;
        for (var i = 0; i < Values; i += Batch)
            Sound.Check(PlainByteArray.Decode(_mixed, ref position, _mixed.Length, _offsets, _lengths));
    }

    /// <summary>The reference implementation, on values of one length.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    [OutputBytes(PageData.DocumentBytes)]
    public void Scalar()
    {
        var position = 0;
        for (var i = 0; i < Values; i += Batch)
            Sound.Check(PlainByteArray.DecodeScalar(_equal, ref position, _equal.Length, _offsets, _lengths));
    }
}
