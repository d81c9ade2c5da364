using BenchmarkDotNet.Attributes;
using IdExtractor.Bench.Measuring;
using IdExtractor.Bench.Pages;
using IdExtractor.Parquet.Compression;
using IdExtractor.Parquet.Compression.Zstd;

namespace IdExtractor.Bench.Kernels;

/// <summary>
/// The other codecs on a page of documents: ZSTD by libzstd and by its port to C#, and LZ4. An
/// operation is one value (18 bytes of output). The limit is <see cref="Copy"/>. Needs libzstd,
/// also to make the page.
/// </summary>
public class CodecBenchmarks
{
    private const int Values = 1 << 16;

    private byte[] _plain = [];
    private byte[] _zstd = [];
    private byte[] _lz4 = [];
    private byte[] _output = [];

    /// <summary>Makes the pages and decodes each once.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _plain = PageData.Plain(PageData.Documents(seed: 1, Values));
        _output = new byte[_plain.Length];
        _zstd = Compressors.Zstd(_plain) ?? throw new InvalidOperationException("libzstd is not installed.");
        _lz4 = Compressors.Lz4(_plain);
        foreach (var decode in new Action[] { Lz4, ManagedZstdFrame, NativeZstdFrame })
        {
            _output.AsSpan().Clear();
            decode();
            Sound.Check(_plain, _output);
        }
    }

    /// <summary>The limit.</summary>
    [Benchmark(OperationsPerInvoke = Values, Baseline = true)]
    [OutputBytes(PageData.DocumentBytes)]
    public void Copy() => _plain.CopyTo(_output.AsSpan());

    /// <summary>LZ4 by our decoder.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    [OutputBytes(PageData.DocumentBytes)]
    public void Lz4() => Sound.Check(Lz4BlockDecoder.Decode(_lz4, _output));

    /// <summary>ZSTD by libzstd.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    [OutputBytes(PageData.DocumentBytes)]
    public void NativeZstdFrame() => Sound.Check(ZstdPageDecoder.Decode(CodecBackend.Native, _zstd, _output));

    /// <summary>ZSTD by the port to C#.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    [OutputBytes(PageData.DocumentBytes)]
    public void ManagedZstdFrame() => Sound.Check(ZstdPageDecoder.Decode(CodecBackend.Managed, _zstd, _output));
}
