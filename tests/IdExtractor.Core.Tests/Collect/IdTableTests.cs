using System.Text;
using IdExtractor.Core.Collect;
using IdExtractor.Foundation.Bytes;
using IdExtractor.Testing;
using Xunit;

namespace IdExtractor.Core.Tests.Collect;

public sealed class IdTableTests
{
    [Fact]
    public void TryAdd_CopiesAndNewIds_AreTold()
    {
        var table = new IdTable(IdTable.MinBudget);
        Assert.Equal(IdTable.Outcome.Added, Add(table, "a"u8));
        Assert.Equal(IdTable.Outcome.Added, Add(table, "a\0"u8));
        Assert.Equal(IdTable.Outcome.Added, Add(table, []));
        Assert.Equal(IdTable.Outcome.Known, Add(table, "a"u8));
        Assert.Equal(IdTable.Outcome.Known, Add(table, []));
        Assert.Equal(3, table.Count);
    }

    [Fact]
    public void TryAdd_AnySequence_AgreesWithASet()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new Random(seed);
            var table = new IdTable(random.Next(IdTable.MinBudget, 4 * IdTable.MinBudget));
            var twin = new HashSet<string>();
            var fills = 0;
            for (var i = 0; i < 4000; i++)
            {
                var id = new byte[random.Next(random.Next(50) == 0 ? table.MaxBytes + 1 : random.Next(1, 40))];
                random.NextBytes(id);
                if (id.Length > 0 && random.Next(2) == 0)
                    id[0] = (byte)random.Next(3);
                var outcome = Add(table, id);
                if (outcome == IdTable.Outcome.Full)
                {
                    Assert.True(table.Count > 0, $"seed {seed}: an empty table is full");
                    Assert.True(Content(table).SetEquals(twin), $"seed {seed}");
                    table.Clear();
                    twin.Clear();
                    fills++;
                    outcome = Add(table, id);
                }

                Assert.True(outcome == (twin.Add(Convert.ToHexString(id)) ? IdTable.Outcome.Added : IdTable.Outcome.Known), $"seed {seed}");
            }

            Assert.True(fills > 0, $"seed {seed}: never full");
            Assert.True(Content(table).SetEquals(twin), $"seed {seed}");
        }
    }

    [Fact]
    public void TryAdd_FilledAgainAndAgain_AllocatesNothing()
    {
        var table = new IdTable(1 << 20);
        var id = new byte[12];
        Assert.Equal(0, Allocations.LeastOf(() =>
        {
            for (var i = 0; ; i++)
            {
                BitConverter.TryWriteBytes(id, i);
                if (Add(table, id) == IdTable.Outcome.Full)
                    break;
            }

            table.Clear();
        }));
    }

    [Theory]
    [InlineData(1 << 16)]
    [InlineData(1 << 20)]
    [InlineData(1 << 24)]
    public void TryAdd_UntilFull_StaysWithinTheBudget(int budget)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var table = new IdTable(budget);
        var id = new byte[16];
        for (var i = 0; ; i++)
        {
            BitConverter.TryWriteBytes(id, i);
            if (Add(table, id) == IdTable.Outcome.Full)
                break;
        }

        // Growing by doubling has allocated every size before the last one too.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, budget / 4, 2L * budget);
        Assert.InRange(table.Count, budget / 160, budget / 36);
    }

    [Fact]
    public void Sort_AnyStrings_IsByteOrder()
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            var table = new IdTable(16 << 20);
            var twin = new SortedSet<byte[]>(Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right)));
            var alphabet = random.Next(1, 4);
            var prefix = new byte[random.Next(3) * random.Next(1, 30)];
            for (var i = random.Next(300); i >= 0; i--)
            {
                var tail = new byte[random.Next(random.Next(1, 24))];
                for (var j = 0; j < tail.Length; j++)
                    tail[j] = (byte)(random.Next(alphabet) * 127);
                byte[] id = random.Next(4) == 0 ? tail : [.. prefix, .. tail];
                twin.Add(id);
                Add(table, id);
            }

            foreach (var depth in new[] { 0, table.CommonPrefix.Length })
            {
                var sorted = IdSorter.Sort(table, depth, out var words).Select(index => table[index].ToArray()).ToList();
                Assert.True(
                    sorted.SequenceEqual(twin, EqualityComparer<byte[]>.Create((left, right) => left.AsSpan().SequenceEqual(right))),
                    $"seed {seed}");
                Assert.Equal(sorted.Select(id => ByteOrder.WordAt(id, depth)), words);
            }
        }
    }

    [Fact]
    public void CommonPrefix_AnyStrings_IsThatOfAll()
    {
        for (var seed = 1; seed <= 100; seed++)
        {
            var random = new Random(seed);
            var table = new IdTable(1 << 20);
            Assert.True(table.CommonPrefix.IsEmpty);
            var ids = Enumerable.Range(0, random.Next(1, 9)).Select(_ => new string('p', random.Next(40)) + random.Next(3)).ToList();
            ids.ForEach(id => Add(table, Encoding.ASCII.GetBytes(id)));
            var twin = ids.Min(id => id.Zip(ids[0]).TakeWhile(pair => pair.First == pair.Second).Count());
            Assert.Equal(ids[0][..twin], Encoding.ASCII.GetString(table.CommonPrefix));
            table.Clear();
            Assert.True(table.CommonPrefix.IsEmpty);
        }
    }

    [Fact]
    public void Sort_LongSharedPrefixes_Terminates()
    {
        var table = new IdTable(64 << 20);
        var prefix = new string('p', 20_000);
        for (var i = 0; i < 500; i++)
            Add(table, Encoding.ASCII.GetBytes($"{prefix}{999 - i:000}"));

        Assert.Equal(Enumerable.Range(0, 500).Reverse(), IdSorter.Sort(table, 0, out _));
    }

    private static IdTable.Outcome Add(IdTable table, ReadOnlySpan<byte> id) => table.TryAdd(id, IdHash.Compute(id));

    private static HashSet<string> Content(IdTable table) =>
        [.. Enumerable.Range(0, table.Count).Select(i => Convert.ToHexString(table[i]))];
}
