using BenchmarkDotNet.Attributes;
using IdExtractor.Bench.Measuring;
using IdExtractor.Bench.Pages;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Bench.Kernels;

/// <summary>
/// Three Snappy pages of 64-bit integers at a time: ids of nine digits and documents of eleven. By
/// pairs of tags, and by single tags as all other columns. An operation is one value (8 bytes of
/// output). The limit is <see cref="Copy"/>.
/// </summary>
public unsafe class SnappyPairBenchmarks : IDisposable
{
    private const int PageCount = 3;
    private const int ValuesPerPage = 1 << 15;
    private const int Values = PageCount * ValuesPerPage;
    private const int PageBytes = ValuesPerPage * sizeof(long);

    private readonly NativePage[] _plain = new NativePage[PageCount];
    private readonly NativePage[] _compressed = new NativePage[PageCount];
    private readonly NativePage[] _outputs = new NativePage[PageCount];
    private readonly int[] _starts = new int[PageCount];

    /// <summary>Digits of the numbers.</summary>
    [Params(9, 11)]
    public int Digits { get; set; }

    /// <summary>Makes the pages and decodes each once.</summary>
    [GlobalSetup]
    public void Setup()
    {
        for (var i = 0; i < PageCount; i++)
        {
            var random = new Random(i);
            var limit = (long)Math.Pow(10, Digits);
            var page = Enumerable.Range(0, ValuesPerPage).SelectMany(_ => BitConverter.GetBytes(random.NextInt64(limit))).ToArray();
            var compressed = Compressors.Snappy(page);
            _starts[i] = 0;
            while (compressed[_starts[i]++] >= 0x80)
            {
                // The varint in front of the tags.
            }

            _plain[i] = new NativePage(page);
            _compressed[i] = new NativePage(compressed);
            _outputs[i] = new NativePage(PageBytes);
        }

        Tags();
        Sound.Check(_plain[^1].Span, _outputs[^1].Span);
        _outputs[^1].Span.Clear();
        Pairs();
        Sound.Check(_plain[^1].Span, _outputs[^1].Span);
    }

    /// <summary>The limit.</summary>
    [Benchmark(OperationsPerInvoke = Values, Baseline = true)]
    [OutputBytes(sizeof(long))]
    public void Copy()
    {
        for (var i = 0; i < PageCount; i++)
            _plain[i].Span.CopyTo(_outputs[i].Span);
    }

    /// <summary>Tag by tag.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    [OutputBytes(sizeof(long))]
    public void Tags() => Decode(pairCredit: 0);

    /// <summary>Pair by pair.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    [OutputBytes(sizeof(long))]
    public void Pairs() => Decode(SnappyPairLockStep.FullCredit);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var page in _plain.Concat(_compressed).Concat(_outputs))
            page?.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Decode(int pairCredit)
    {
        var states = stackalloc PageStream[PageCount];
        var streams = stackalloc PageStream*[PageCount];
        var running = PageCount;
        for (var i = 0; i < PageCount; i++)
        {
            states[i] = new PageStream
            {
                Codec = CompressionCodec.Snappy,
                Input = _compressed[i].Pointer + _starts[i],
                InputEnd = _compressed[i].Pointer + _compressed[i].Length,
                IsInputComplete = true,
                History = _outputs[i].Pointer,
                Output = _outputs[i].Pointer,
                OutputEnd = _outputs[i].Pointer + _outputs[i].Length,
                PairCredit = pairCredit,
            };
            streams[i] = states + i;
        }

        while (running > 0)
        {
            LockStep.RunSnappy(streams, running);
            var kept = 0;
            for (var i = 0; i < running; i++)
            {
                Sound.Check(streams[i]->Status);
                if (streams[i]->Output < streams[i]->OutputEnd)
                    streams[kept++] = streams[i];
            }

            running = kept;
        }
    }
}
