using BenchmarkDotNet.Attributes;
using IdExtractor.Bench.Measuring;
using IdExtractor.Bench.Pages;
using IdExtractor.Testing.Kernels;

namespace IdExtractor.Bench.Kernels;

/// <summary>Snappy pages, up to four at once.</summary>
public class SnappyBenchmarks() : LockStepBenchmarks(LockStepCodec.Snappy)
{
    /// <summary>The kernel on four pages at a time.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    [OutputBytes(PageData.DocumentBytes)]
    public void Streams4() => LockStep(4);

    private protected override byte[] Compress(byte[] page, out int start)
    {
        var compressed = Compressors.Snappy(page);
        start = 0;
        while (compressed[start++] >= 0x80)
        {
            // The varint in front of the tags.
        }

        return compressed;
    }
}
