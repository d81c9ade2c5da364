using BenchmarkDotNet.Attributes;
using IdExtractor.Bench.Pages;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Testing.Kernels;

namespace IdExtractor.Bench.Kernels;

/// <summary>
/// Every variant of every kernel of the registry that this machine supports, on typical input, with
/// the cases that the tests use. An operation is one value, or one byte for <c>repeat</c>,
/// <c>snappy</c>, <c>lz4</c> (three streams) and <c>crc</c>. Kernels at the heart of a scan also
/// have benchmarks of their own, with their limits.
/// </summary>
public class KernelBenchmarks : IDisposable
{
    private const int Values = 4096;

    private readonly List<NativePage> _pages = [];
    private KernelCase _case = null!;
    private KernelInput _input = null!;
    private KernelBuffers _buffers = null!;
    private string _variant = "";

    /// <summary>All variants, as the environment variable names them.</summary>
    public static IEnumerable<string> Variants =>
        from kernel in KernelRegistry.All
        from variant in kernel.Variants
        where variant.IsSupported
        select $"{kernel.Name}:{variant.Name}";

    /// <summary>The kernel and its variant.</summary>
    [ParamsSource(nameof(Variants))]
    public string Variant { get; set; } = "";

    /// <summary>Makes the input.</summary>
    [GlobalSetup]
    public unsafe void Setup()
    {
        var names = Variant.Split(':');
        (_case, _variant) = (KernelCases.Of(names[0]), names[1]);
        _input = _case.Make(new Random(1), Values, InputShape.Typical);
        _buffers = new KernelBuffers(_case, _input, (_, _, length) =>
        {
            _pages.Add(new NativePage(length));
            return (nint)_pages[^1].Pointer;
        });
    }

    /// <summary>One run.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    public long Run() => _case.Run(_variant, _input, _buffers);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var page in _pages)
            page.Dispose();
        GC.SuppressFinalize(this);
    }
}
