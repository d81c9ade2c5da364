using BenchmarkDotNet.Attributes;
using IdExtractor.Bench.Measuring;
using IdExtractor.Core.Collect;

namespace IdExtractor.Bench.Kernels;

/// <summary>
/// Sorts ids by their first eight bytes, as many as one thread has on the set snappy. An operation
/// is one id. The limit is <see cref="Copy"/>. A sort by bytes is slower than that because it makes
/// four radix passes, one per digit that differs, each with a dependent load and store in the
/// second-level cache.
/// </summary>
public class IdOrderBenchmarks
{
    private const int Ids = 1 << 15;

    private readonly ulong[] _words = new ulong[Ids];
    private readonly ulong[] _sorted = new ulong[Ids];
    private readonly int[] _indices = new int[Ids];

    /// <summary>Makes ids: two letters and digits.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        foreach (ref var word in _words.AsSpan())
        {
            word = 0x4944;
            for (var digit = 0; digit < 6; digit++)
                word = (word << 8) | (byte)('0' + random.Next(10));
        }
    }

    /// <summary>The limit.</summary>
    [Benchmark(OperationsPerInvoke = Ids, Baseline = true)]
    [OutputBytes(sizeof(ulong))]
    public void Copy() => _words.CopyTo(_sorted, 0);

    /// <summary>The reference: the framework's sort.</summary>
    [Benchmark(OperationsPerInvoke = Ids)]
    [OutputBytes(sizeof(ulong))]
    public void Framework()
    {
        _words.CopyTo(_sorted, 0);
        _sorted.AsSpan().Sort(_indices.AsSpan());
    }

    /// <summary>By bytes, in place.</summary>
    [Benchmark(OperationsPerInvoke = Ids)]
    [OutputBytes(sizeof(ulong))]
    public void ByBytes()
    {
        _words.CopyTo(_sorted, 0);
        WordSorter.Sort(_sorted, _indices);
    }
}
