using IdExtractor.Core.Scan.Lanes;
using Xunit;

namespace IdExtractor.Core.Tests.Scan.Lanes;

public sealed class RowSetTests
{
    [Fact]
    public void NextFrom_RandomRows_AgreesWithASortedSet()
    {
        var rows = new RowSet();
        for (var seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            var twin = new SortedSet<long>();
            rows.Clear();
            for (var i = random.Next(0, 500); i > 0; i--)
            {
                var row = random.Next(0, 1 << random.Next(1, 20));
                if (twin.Add(row))
                    rows.Add(row);
            }

            Assert.Equal(twin.Count, rows.Count);
            var found = new List<long>();
            for (var row = rows.NextFrom(0); row >= 0; row = rows.NextFrom(row + 1))
                found.Add(row);
            Assert.True(twin.SequenceEqual(found), $"seed {seed}");
            for (var i = 0; i < 100; i++)
            {
                var from = random.Next(0, 1 << 20);
                Assert.Equal(
                    twin.GetViewBetween(from, long.MaxValue).Select(row => (long?)row).FirstOrDefault() ?? -1, rows.NextFrom(from));
            }
        }
    }
}
