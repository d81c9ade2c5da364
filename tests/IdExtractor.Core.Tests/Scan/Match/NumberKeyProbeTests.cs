using System.Globalization;
using System.Text;
using IdExtractor.Core.Keys;
using IdExtractor.Core.Scan.Match;
using IdExtractor.Foundation.Memory;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Pages;
using Xunit;

namespace IdExtractor.Core.Tests.Scan.Match;

public sealed unsafe class NumberKeyProbeTests
{
    /// <summary>
    /// A few keys, and so many that the filter is in a far cache and its words are prefetched.
    /// </summary>
    [Theory]
    [InlineData(1000)]
    [InlineData(300_000)]
    public void ProbeByFilter_NearAndFarFilter_AgreesWithTheReference(int keyCount)
    {
        var random = new Random(keyCount);
        var numbers = Enumerable.Range(0, keyCount).Select(_ => random.NextInt64(100_000_000_000)).ToArray();
        var builder = new KeySetBuilder();
        foreach (var number in numbers)
            builder.Add(Encoding.ASCII.GetBytes(number.ToString("D14", CultureInfo.InvariantCulture)));
        var keys = builder.Build();
        var set = new NumberKeySet(keys);
        Assert.Equal(keyCount > 100_000, PlainKeyProbe.FilterLead(set.Filter) > 0);
        var matcher = KeyMatcher.For(new ColumnDescriptor { Index = 0, Path = ["documento"], Physical = PhysicalType.Int64 }, keys);
        var probe = new NumberKeyProbe(set, matcher);
        var (hits, expected) = (new int[4096], new int[4096]);
        foreach (var count in new[] { 0, 1, 23, 24, 25, 100, 4096 })
        {
            var values = Enumerable.Range(0, count)
                .Select(_ => random.Next(9) == 0 ? numbers[random.Next(keyCount)] : random.NextInt64(100_000_000_000))
                .SelectMany(BitConverter.GetBytes)
                .Concat(new byte[NativeBuffer.Slack]).ToArray();
            fixed (byte* data = values)
            {
                var view = new ValueView { Data = data, Width = sizeof(long), Count = count };
                var found = probe.ProbeEach(view, expected);
                Assert.Equal(found, probe.ProbeByFilter<StoredInt64>(view, hits));
                Assert.Equal(expected[..found], hits[..found]);
            }
        }
    }
}
