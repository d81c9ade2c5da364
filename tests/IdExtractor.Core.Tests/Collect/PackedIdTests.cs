using IdExtractor.Core.Collect;
using IdExtractor.Foundation.Bytes;
using Xunit;

namespace IdExtractor.Core.Tests.Collect;

public sealed class PackedIdTests
{
    [Fact]
    public void Of_AnyIds_SortAsTheirBytes()
    {
        var random = new Random(1);
        for (var i = 0; i < 200_000; i++)
        {
            var (left, right) = (Id(random), Id(random));
            left.AsSpan(0, Math.Min(Math.Min(left.Length, right.Length), random.Next(16))).CopyTo(right);
            var expected = left.AsSpan().SequenceCompareTo(right);
            var (packedLeft, packedRight) = (PackedId.Of(left), PackedId.Of(right));
            Assert.Equal(expected < 0, packedLeft.IsBefore(packedRight));
            Assert.Equal(expected > 0, packedRight.IsBefore(packedLeft));
            Assert.Equal(expected == 0, packedLeft == packedRight);
        }
    }

    [Fact]
    public void Unpack_AnyId_IsTheId()
    {
        var random = new Random(2);
        for (var i = 0; i < 20_000; i++)
        {
            var id = Id(random);
            var packed = PackedId.Of(id);
            var unpacked = new byte[PackedId.Size];
            packed.Unpack(unpacked);
            Assert.Equal(id, unpacked[..packed.Length]);
            for (var position = 0; position <= PackedId.MaxBytes; position++)
                Assert.Equal(ByteOrder.WordAt(id, position), packed.WordAt(position));
        }
    }

    [Fact]
    public void Sort_AnyIds_AgreesWithTheFramework()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var ids = Ids(random, random.Next(random.Next(4) == 0 ? 5000 : 100));
            var expected = ids.OrderBy(id => id.High).ThenBy(id => id.Low).ToArray();
            PackedIdSorter.Sort(ids);
            Assert.True(ids.SequenceEqual(expected), $"seed {seed}");
            Assert.Equal(expected.Distinct(), ids[..PackedIdSorter.RemoveCopies(ids)]);
        }
    }

    [Fact]
    public void IsCopy_AnySequence_OnlyRecognizesIdsThatWereAdded()
    {
        foreach (var distinct in new[] { 1, 100, 3_000, 50_000, 10_000_000 })
        {
            var random = new Random(distinct);
            var recent = new RecentIds(1 << 20);
            var added = new HashSet<PackedId>();
            var copies = 0;
            for (var i = 0; i < 400_000; i++)
            {
                var id = PackedId.Of(BitConverter.GetBytes(random.Next(distinct)));
                var isCopy = recent.IsCopy(id);
                Assert.False(isCopy && !added.Contains(id));
                added.Add(id);
                copies += isCopy ? 1 : 0;
            }

            Assert.InRange(recent.Bytes, 1, 1 << 20);
            if (distinct <= 3_000)
                Assert.InRange(copies, 300_000, 400_000 - added.Count);
        }
    }

    [Fact]
    public void TryAdd_UntilFull_StaysWithinTheBudget()
    {
        foreach (var budget in new[] { 1 << 14, 1 << 20, 1 << 23 })
        {
            var packed = new PackedIds(budget);
            var count = 0;
            while (packed.TryAdd(BitConverter.GetBytes(count), budget))
                count++;
            Assert.InRange(packed.Bytes, budget - (budget / 8), budget);
            Assert.Equal(count, packed.Count);
            packed.Sort();
            Assert.Equal(count, packed.Count);
            packed.Clear();
            Assert.True(packed.TryAdd("a"u8, budget));
        }
    }

    [Fact]
    public void CommonPrefix_AnyIds_IsThatOfAll()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var packed = new PackedIds(1 << 20);
            Assert.Empty(packed.CommonPrefix);
            var ids = Enumerable.Range(0, random.Next(1, 9))
                .Select(_ => Enumerable.Repeat((byte)random.Next(2), random.Next(16)).ToArray())
                .ToList();
            ids.ForEach(id => packed.TryAdd(id, 1 << 20));
            packed.Sort();
            var twin = ids.Min(id => id.AsSpan().CommonPrefixLength(ids[0]));
            Assert.Equal(ids[0][..twin], packed.CommonPrefix);
        }
    }

    private static PackedId[] Ids(Random random, int count)
    {
        var (alphabet, prefix) = (random.Next(1, 12), Id(random));
        var ids = new PackedId[count];
        foreach (ref var id in ids.AsSpan())
        {
            var bytes = random.Next(50) == 0 ? Id(random) : [.. prefix, .. Id(random)];
            for (var i = prefix.Length; i < bytes.Length; i++)
                bytes[i] = (byte)('0' + (bytes[i] % alphabet));
            id = PackedId.Of(bytes.AsSpan(0, Math.Min(bytes.Length, PackedId.MaxBytes)));
        }

        return ids;
    }

    private static byte[] Id(Random random)
    {
        var id = new byte[random.Next(PackedId.MaxBytes + 1)];
        random.NextBytes(id);
        if (random.Next(2) == 0)
            id.AsSpan(random.Next(id.Length + 1)).Clear();
        return id;
    }
}
