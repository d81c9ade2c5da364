using System.Globalization;
using System.Text;
using IdExtractor.Core.Keys;
using IdExtractor.Core.Scan.Match;
using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet.Pages;
using Xunit;

namespace IdExtractor.Core.Tests.Scan.Match;

public sealed unsafe class PlainKeyProbeTests
{
    [Theory]
    [InlineData(0, 14, 14)]
    [InlineData(10, 14, 14)]
    [InlineData(10_000, 14, 14)]
    [InlineData(1000, 8, 16)]
    [InlineData(1000, 11, 11)]
    public void Probe_FastLengths_AgreesWithTheTwin(int keyCount, int shortest, int longest)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var keys = Keys(random, keyCount, shortest, longest);
            var probe = new PlainKeyProbe(keys);
            Assert.True(probe.FitsFilter);
            AssertSame(probe, Documents(random, keys, random.Next(0, 5000), common: (shortest + longest) / 2), seed);
        }
    }

    /// <summary>
    /// So many keys that the filter is in a far cache and its words are prefetched.
    /// </summary>
    [Fact]
    public void Probe_FarFilter_AgreesWithTheTwin()
    {
        var random = new Random(7);
        var keys = Keys(random, 300_000, 14, 14);
        Assert.NotEqual(0, PlainKeyProbe.FilterLead(keys.Filter));
        var probe = new PlainKeyProbe(keys);
        var all = AllOf(keys);
        foreach (var count in new[] { 0, 1, 8, 24, 25, 32, 33, 500, 4095, 4096, 5000 })
        {
            // Of one length, apart from those at the end, which are of any.
            var documents = new List<byte>();
            for (var i = 0; i < count; i++)
                documents.AddRange([14, 0, 0, 0, .. random.Next(9) == 0 ? all[random.Next(all.Count)] : Digits(random, 14)]);
            AssertSame(probe, [.. documents, .. Documents(random, keys, random.Next(40), common: 14)], count);
        }
    }

    [Fact]
    public void Probe_KeysOfDigitsAndOfLetters_AgreesWithTheTwin()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var builder = new KeySetBuilder();
            for (var i = 0; i < 500; i++)
            {
                var key = Digits(random, random.Next(8, 17));
                builder.Add(key);
                key[random.Next(key.Length)] ^= (byte)(1 << random.Next(8));
                builder.Add(key);
            }

            var keys = builder.Build();
            var probe = new PlainKeyProbe(keys);
            Assert.True(probe.FitsFilter);
            AssertSame(probe, Documents(random, keys, 3000, common: 14), seed);
        }
    }

    [Theory]
    [InlineData(0, 7)]
    [InlineData(3, 60)]
    public void Probe_OtherLengths_TakesTheTwin(int shortest, int longest)
    {
        var random = new Random(1);
        var keys = Keys(random, 300, shortest, longest);
        var probe = new PlainKeyProbe(keys);
        Assert.False(probe.FitsFilter);
        AssertSame(probe, Documents(random, keys, 2000, common: longest), seed: 1);
    }

    [Fact]
    public void Probe_MoreValuesThanWanted_StopsThere()
    {
        var random = new Random(3);
        var keys = Keys(random, 50, 14, 14);
        var documents = Documents(random, keys, 100, common: 14);
        fixed (byte* data = documents)
        {
            var (hits, candidates) = (new int[PlainKeyProbe.MaxValues], new long[PlainKeyProbe.MaxValues]);
            new PlainKeyProbe(keys).Probe(data, documents.Length - NativeBuffer.Slack, 37, hits, candidates, out var values, out _);
            Assert.Equal(37, values);
        }
    }

    [Theory]
    [InlineData(14, 14)]
    [InlineData(8, 16)]
    public void Probe_ValuesOfABatch_AgreesWithTheSet(int shortest, int longest)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var keys = Keys(random, 1000, shortest, longest);
            var documents = Documents(random, keys, random.Next(0, 3000), common: 14);
            var (offsets, lengths) = (new List<int>(), new List<int>());
            for (var at = 0; at < documents.Length - NativeBuffer.Slack; at += 4 + lengths[^1])
            {
                offsets.Add(at + 4);
                lengths.Add(BitConverter.ToInt32(documents, at));
            }

            var hits = new int[offsets.Count];
            fixed (byte* data = documents)
            fixed (int* offset = offsets.ToArray(), length = lengths.ToArray())
            {
                var values = new ValueView { Data = data, Offsets = offset, Lengths = length, Count = hits.Length };
                var count = new PlainKeyProbe(keys).Probe(values, hits);
                var expected = Enumerable.Range(0, hits.Length).Where(i => keys.Contains(documents.AsSpan(offsets[i], lengths[i])));
                Assert.True(expected.SequenceEqual(hits[..count]), $"seed {seed}");
            }
        }
    }

    [Fact]
    public void Probe_ValuesOfFixedWidth_AgreesWithTheSet()
    {
        var random = new Random(5);
        var keys = Keys(random, 500, 14, 14);
        var all = AllOf(keys);
        var documents = new byte[(14 * 1000) + NativeBuffer.Slack];
        for (var i = 0; i < 1000; i++)
            (random.Next(3) == 0 ? all[random.Next(all.Count)] : Digits(random, 14)).CopyTo(documents.AsSpan(14 * i));
        var hits = new int[1000];
        fixed (byte* data = documents)
        {
            var count = new PlainKeyProbe(keys).Probe(new ValueView { Data = data, Width = 14, Count = 1000 }, hits);
            Assert.Equal(Enumerable.Range(0, 1000).Where(i => keys.Contains(documents.AsSpan(14 * i, 14))), hits[..count]);
        }
    }

    private static void AssertSame(PlainKeyProbe probe, byte[] documents, int seed)
    {
        var (hits, candidates) = (new int[PlainKeyProbe.MaxValues], new long[PlainKeyProbe.MaxValues]);
        var expectedHits = new int[PlainKeyProbe.MaxValues];
        var length = documents.Length - NativeBuffer.Slack;
        fixed (byte* data = documents)
        {
            // Every cut of the last value too.
            for (var cut = 0; cut < Math.Min(length, 25); cut++)
            {
                var expected = probe.ProbeEach(
                    data, length - cut, PlainKeyProbe.MaxValues, expectedHits, out var expectedValues, out var expectedBytes);
                var count = probe.Probe(data, length - cut, PlainKeyProbe.MaxValues, hits, candidates, out var values, out var bytes);
                Assert.True(expectedHits.AsSpan(0, expected).SequenceEqual(hits.AsSpan(0, count)), $"seed {seed}, cut {cut}: other hits");
                Assert.True((values, bytes) == (expectedValues, expectedBytes), $"seed {seed}, cut {cut}: {values} values, {bytes} bytes");
            }
        }
    }

    private static List<byte[]> AllOf(KeySet keys)
    {
        var all = new List<byte[]>();
        foreach (var key in keys)
            all.Add(key.ToArray());
        return all;
    }

    private static KeySet Keys(Random random, int count, int shortest, int longest)
    {
        var builder = new KeySetBuilder();
        while (builder.Count < count)
            builder.Add(Digits(random, random.Next(shortest, longest + 1)));
        return builder.Build();
    }

    private static byte[] Documents(Random random, KeySet keys, int count, int common)
    {
        var bytes = new List<byte>();
        var all = AllOf(keys);
        for (var i = 0; i < count; i++)
        {
            var value = random.Next(10) switch
            {
                < 3 when all.Count > 0 => all[random.Next(all.Count)],
                3 when all.Count > 0 => [.. all[random.Next(all.Count)], (byte)'0'],
                4 => Digits(random, random.Next(0, 40)),
                5 when all.Count > 0 => all[random.Next(all.Count)][1..],
                _ => Digits(random, common),
            };
            bytes.AddRange(BitConverter.GetBytes(value.Length));
            bytes.AddRange(value);
        }

        bytes.AddRange(new byte[NativeBuffer.Slack]);
        return [.. bytes];
    }

    private static byte[] Digits(Random random, int length)
    {
        var text = new StringBuilder();
        while (text.Length < length)
            text.Append(random.Next(10).ToString(CultureInfo.InvariantCulture));
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
