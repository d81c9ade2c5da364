using BenchmarkDotNet.Attributes;
using IdExtractor.Bench.Measuring;
using IdExtractor.Bench.Pages;
using IdExtractor.Parquet.Compression;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Testing.Kernels;

namespace IdExtractor.Bench.Kernels;

/// <summary>
/// Pages of documents of one codec: the lock-step kernel with one to three pages at once, the
/// reference implementation, and the decoder of whole pages. An operation is one value (18 bytes of
/// output). The limit is <see cref="Copy"/>: output cannot be written faster than it is copied.
/// </summary>
public abstract unsafe class LockStepBenchmarks : IDisposable
{
    // Twelve pages divide evenly into groups of one, two, three or four.
    private const int PageCount = 12;
    private const int ValuesPerPage = 8192;
    private protected const int Values = PageCount * ValuesPerPage;
    private const int PageBytes = ValuesPerPage * PageData.DocumentBytes;

    private readonly NativePage[] _plain = new NativePage[PageCount];
    private readonly NativePage[] _compressed = new NativePage[PageCount];
    private readonly LockStepCodec _codec;
    private readonly NativePage[] _outputs;
    private readonly int[] _starts = new int[PageCount];

    private protected LockStepBenchmarks(LockStepCodec codec)
    {
        _codec = codec;
        _outputs = new NativePage[IdExtractor.Parquet.Kernels.LockStep.MaxStreams];
    }

    /// <summary>Makes the pages and decodes each once.</summary>
    [GlobalSetup]
    public void Setup()
    {
        for (var i = 0; i < PageCount; i++)
        {
            var page = PageData.Plain(PageData.Documents(seed: i, ValuesPerPage));
            var compressed = Compress(page, out _starts[i]);
            _plain[i] = new NativePage(page);
            _compressed[i] = new NativePage(compressed);
        }

        for (var i = 0; i < _outputs.Length; i++)
            _outputs[i] = new NativePage(PageBytes);
        WholePages();
        Sound.Check(_plain[^1].Span, _outputs[0].Span);
        Twin();
        Sound.Check(_plain[^1].Span, _outputs[0].Span);
        Streams3();
        Sound.Check(_plain[^1].Span, _outputs[2].Span);
    }

    /// <summary>The limit.</summary>
    [Benchmark(OperationsPerInvoke = Values, Baseline = true)]
    [OutputBytes(PageData.DocumentBytes)]
    public void Copy()
    {
        foreach (var page in _plain)
            page.Span.CopyTo(_outputs[0].Span);
    }

    /// <summary>The kernel on one page at a time.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    [OutputBytes(PageData.DocumentBytes)]
    public void Streams1() => LockStep(1);

    /// <summary>The kernel on two pages at a time.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    [OutputBytes(PageData.DocumentBytes)]
    public void Streams2() => LockStep(2);

    /// <summary>The kernel on three pages at a time.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    [OutputBytes(PageData.DocumentBytes)]
    public void Streams3() => LockStep(3);

    /// <summary>The kernel's reference implementation.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    [OutputBytes(PageData.DocumentBytes)]
    public void Twin()
    {
        for (var page = 0; page < PageCount; page++)
        {
            var stream = Begin(page, _outputs[0]);
            while (stream.Output < stream.OutputEnd && _codec.StepTwin(ref stream))
            {
                // Moves on to the next tag or sequence.
            }

            Sound.Check(stream.Status);
        }
    }

    /// <summary>The decoder of whole pages.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    [OutputBytes(PageData.DocumentBytes)]
    public void WholePages()
    {
        foreach (var page in _compressed)
            Sound.Check(PageCodec.Decompress(_codec.Codec, page.Span, _outputs[0].Span));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var page in _plain.Concat(_compressed).Concat(_outputs))
            page.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Compresses a page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="start">Where the stream for the kernel begins in the result.</param>
    private protected abstract byte[] Compress(byte[] page, out int start);

    /// <summary>The kernel on so many pages at a time.</summary>
    private protected void LockStep(int count)
    {
        var states = stackalloc PageStream[count];
        var streams = stackalloc PageStream*[count];
        for (var first = 0; first < PageCount; first += count)
        {
            for (var i = 0; i < count; i++)
            {
                states[i] = Begin(first + i, _outputs[i]);
                streams[i] = states + i;
            }

            for (var running = count; running > 0; running = DropFinished(streams, running))
                _codec.Run(streams, running);
        }
    }

    private static int DropFinished(PageStream** streams, int count)
    {
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            Sound.Check(streams[i]->Status);
            if (streams[i]->Output < streams[i]->OutputEnd)
                streams[kept++] = streams[i];
        }

        return kept;
    }

    private PageStream Begin(int page, NativePage output) => new()
    {
        Codec = _codec.Codec,
        Input = _compressed[page].Pointer + _starts[page],
        InputEnd = _compressed[page].Pointer + _compressed[page].Length,
        IsInputComplete = true,
        History = output.Pointer,
        Output = output.Pointer,
        OutputEnd = output.Pointer + output.Length,
    };
}
