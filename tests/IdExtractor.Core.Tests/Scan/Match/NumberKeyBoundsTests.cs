using System.Globalization;
using System.Text;
using IdExtractor.Core.Keys;
using IdExtractor.Core.Scan.Match;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;
using Xunit;

namespace IdExtractor.Core.Tests.Scan.Match;

public sealed class NumberKeyBoundsTests
{
    private static readonly ColumnDescriptor s_column = new() { Index = 0, Path = ["documento"], Physical = PhysicalType.Int64 };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(5000)]
    public void CountBetween_SomeKeys_AgreesWithALookAtEachKey(int count)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var numbers = Enumerable.Range(0, count).Select(_ => random.NextInt64(1_000_000)).Distinct().ToArray();
            var keys = new KeySetBuilder();
            foreach (var number in numbers)
                keys.Add(Encoding.ASCII.GetBytes(number.ToString("D14", CultureInfo.InvariantCulture)));
            var bounds = new NumberKeyBounds(keys.Build(), s_column);
            for (var i = 0; i < 200; i++)
            {
                var min = random.NextInt64(-10, 1_000_100);
                var max = min + random.NextInt64(random.Next(2) == 0 ? 30 : 1_000_000);
                var expected = numbers.Count(number => number >= min && number <= max);
                var (low, high) = (BitConverter.GetBytes(min), BitConverter.GetBytes(max));
                Assert.True(bounds.AnyBetween(low, high) == expected > 0, $"seed {seed}, bounds {min} to {max}");
                Assert.True(bounds.CountBetween(low, high) == expected, $"seed {seed}, bounds {min} to {max}");
            }
        }
    }
}
