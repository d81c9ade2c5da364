using System.Globalization;
using BenchmarkDotNet.Attributes;
using IdExtractor.Bench.Measuring;
using IdExtractor.Bench.Pages;
using IdExtractor.Core.Keys;
using IdExtractor.Core.Scan.Match;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Encodings;
using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Bench.Kernels;

/// <summary>
/// Looks up documents in the key set, from ten keys to ten million: one document in five hundred is
/// a key. An operation is one document. The limit is <see cref="Walk"/>, which reads only the
/// lengths. Beyond a few hundred thousand keys the filter outgrows the second-level cache, and soon
/// the third.
/// </summary>
public unsafe class KeyProbeBenchmarks : IDisposable
{
    private const int Values = 1 << 16;
    private const int KeyEvery = 500;

    private readonly int[] _hits = new int[Values];
    private readonly long[] _scratch = new long[PlainKeyProbe.MaxValues];
    private PlainKeyProbe _probe = null!;
    private NativePage _page = null!;
    private NativePage _mixed = null!;
    private NativePage _index = null!;
    private NativePage _numbers = null!;
    private KeyMatcher _matcher = null!;
    private ValueView _view;

    /// <summary>Keys in the set.</summary>
    [Params(10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)]
    public int Keys { get; set; }

    /// <summary>Makes the pages and the keys.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var documents = PageData.Documents(seed: 1, Values);
        _page = new NativePage(PageData.Plain(documents));
        _mixed = new NativePage(PageData.Plain(PageData.MixedDocuments(seed: 1, Values)));
        var builder = new KeySetBuilder();
        foreach (var document in documents.Where((_, i) => i % KeyEvery == 0).Take(Keys))
            builder.Add(document);
        for (var seed = 2; builder.Count < Keys; seed++)
        {
            foreach (var other in PageData.Documents(seed, Math.Min(1 << 20, Keys - builder.Count)))
                builder.Add(other);
        }

        var keys = builder.Build();
        _probe = new PlainKeyProbe(keys);
        _numbers = new NativePage(
            [.. documents.SelectMany(document => BitConverter.GetBytes(long.Parse(document, CultureInfo.InvariantCulture)))]);
        _matcher = KeyMatcher.For(new ColumnDescriptor { Index = 0, Path = ["documento"], Physical = PhysicalType.Int64 }, keys);
        Index();
        if (Fast() < Math.Min(Keys, Values / KeyEvery) || Fast() != Each() || Fast() != Scattered() || Fast() != Integers())
            throw new InvalidOperationException("The ways to probe do not agree.");
    }

    /// <summary>The limit: stepping from length to length.</summary>
    [Benchmark(OperationsPerInvoke = Values, Baseline = true)]
    [OutputBytes(PageData.DocumentBytes)]
    public int Walk() => PlainWalk.Skip(_page.Pointer, _page.Length, Values, out _);

    /// <summary>Documents of one length.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    [OutputBytes(PageData.DocumentBytes)]
    public int Fast() => Probe(_page);

    /// <summary>Documents of which one in five is longer.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    public int MixedLengths() => Probe(_mixed);

    /// <summary>Documents at any address, as in a dictionary or a whole page.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    [OutputBytes(PageData.DocumentBytes)]
    public int Scattered() => _probe.Probe(_view, _hits);

    /// <summary>The same documents as 64-bit integers.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    public int Integers()
    {
        var found = 0;
        for (var first = 0; first < Values; first += PlainKeyProbe.MaxValues)
        {
            var view = new ValueView
            {
                Data = _numbers.Pointer + ((nint)first * sizeof(long)),
                Width = sizeof(long),
                Count = PlainKeyProbe.MaxValues
            };
            found += _matcher.Match(view, _hits);
        }

        return found;
    }

    /// <summary>The reference implementation: document after document.</summary>
    [Benchmark(OperationsPerInvoke = Values)]
    [OutputBytes(PageData.DocumentBytes)]
    public int Each()
    {
        var found = 0;
        for (int seen = 0, at = 0; seen < Values;)
        {
            found += _probe.ProbeEach(_page.Pointer + at, _page.Length - at, PlainKeyProbe.MaxValues, _hits, out var values, out var bytes);
            seen += values;
            at += bytes;
        }

        return found;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _page?.Dispose();
        _mixed?.Dispose();
        _index?.Dispose();
        _numbers?.Dispose();
        GC.SuppressFinalize(this);
    }

    private int Probe(NativePage page)
    {
        var found = 0;
        for (int seen = 0, at = 0; seen < Values;)
        {
            found += _probe.Probe(
                page.Pointer + at, page.Length - at, Math.Min(Values - seen, PlainKeyProbe.MaxValues), _hits, _scratch, out var values,
                out var bytes);
            seen += values;
            at += bytes;
        }

        return found;
    }

    private void Index()
    {
        _index = new NativePage(2 * Values * sizeof(int));
        var offsets = (int*)_index.Pointer;
        var position = 0;
        Sound.Check(
            PlainByteArray.Decode(
                _page.Span, ref position, _page.Length, new Span<int>(offsets, Values), new Span<int>(offsets + Values, Values)));
        _view = new ValueView { Data = _page.Pointer, Offsets = offsets, Lengths = offsets + Values, Count = Values };
    }
}
