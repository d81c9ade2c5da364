using IdExtractor.Bench.Pages;
using IdExtractor.Testing.Kernels;

namespace IdExtractor.Bench.Kernels;

/// <summary>Pages that are LZ4 blocks.</summary>
public class Lz4Benchmarks() : LockStepBenchmarks(LockStepCodec.Lz4)
{
    private protected override byte[] Compress(byte[] page, out int start)
    {
        start = 0;
        return Compressors.Lz4(page);
    }
}
