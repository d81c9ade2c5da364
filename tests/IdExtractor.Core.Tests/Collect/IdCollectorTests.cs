using System.Text;
using IdExtractor.Core.Collect;
using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;
using Xunit;

namespace IdExtractor.Core.Tests.Collect;

public sealed class IdCollectorTests : IDisposable
{
    private static readonly Comparer<byte[]> s_byteOrder = Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right));

    private readonly string _temp = Directory.CreateTempSubdirectory("collector-tests-").FullName;

    public void Dispose() => Directory.Delete(_temp, recursive: true);

    [Fact]
    public void Complete_NoIds_IsEmpty()
    {
        using var collector = New(1 << 20, 2);
        collector.CreateShard();
        using var ids = collector.Complete();
        Assert.False(ids.TryNext(out _));
        Assert.False(ids.TryNext(out _));
    }

    [Fact]
    public void Complete_FewIds_AreDistinctAndSorted()
    {
        using var collector = New(1 << 20, 2);
        var (one, other) = (collector.CreateShard(), collector.CreateShard());
        foreach (var id in (string[])["b", "a", "b", "", "a\0", "\uFFFF", "😀", "ab"])
            one.Add(Encoding.UTF8.GetBytes(id));
        foreach (var id in (string[])["b", "aa", "", "é"])
            other.Add(Encoding.UTF8.GetBytes(id));

        using var ids = collector.Complete();
        Assert.Equal(["", "a", "a\0", "aa", "ab", "b", "é", "\uFFFF", "😀"], Read(ids).Select(Encoding.UTF8.GetString));
        Assert.Equal(0, collector.SpilledBytes);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_temp));
    }

    [Theory]
    [InlineData(1, 12)]
    [InlineData(3, 8)]
    [InlineData(2, 300)]
    public void Complete_ManySpills_AgreesWithASortedSet(int shards, int longest)
    {
        for (var seed = 1; seed <= 6; seed++)
        {
            var random = new Random(seed);
            using var collector = New(IdCollectorOptions.MinBytesPerShard * shards, shards);
            var twin = new SortedSet<byte[]>(s_byteOrder);
            var parts = Enumerable.Range(0, shards).Select(_ => collector.CreateShard()).ToArray();
            for (var i = 0; i < 30_000; i++)
            {
                var id = RandomId(random, longest);
                twin.Add(id);
                parts[random.Next(shards)].Add(id);
            }

            using var ids = collector.Complete();
            Assert.True(
                Read(ids).SequenceEqual(twin, EqualityComparer<byte[]>.Create((left, right) => left.AsSpan().SequenceEqual(right))),
                $"seed {seed}");
            Assert.True(collector.SpilledBytes > 0, $"seed {seed}");
        }
    }

    /// <summary>Short and long ids share the memory of a shard in any ratio.</summary>
    [Fact]
    public void Complete_ShortAndLongIds_AgreesWithASortedSet()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            using var collector = New((IdCollectorOptions.MinBytesPerShard * 2) << random.Next(5), 2);
            var twin = new SortedSet<byte[]>(s_byteOrder);
            var parts = Enumerable.Range(0, 2).Select(_ => collector.CreateShard()).ToArray();
            var longShare = random.Next(101);
            for (var i = 0; i < 30_000; i++)
            {
                if (random.Next(5000) == 0)
                    longShare = random.Next(101);
                var id = new byte[random.Next(100) < longShare ? random.Next(16, random.Next(100) == 0 ? 6000 : 50) : random.Next(16)];
                random.NextBytes(id.AsSpan(0, Math.Min(id.Length, 1 + random.Next(4))));
                twin.Add(id);
                parts[random.Next(2)].Add(id);
            }

            using var ids = collector.Complete();
            Assert.True(
                Read(ids).SequenceEqual(twin, EqualityComparer<byte[]>.Create((left, right) => left.AsSpan().SequenceEqual(right))),
                $"seed {seed}");
        }
    }

    [Fact]
    public void Add_ManyCopiesOfFewIds_SpillsNothing()
    {
        using var collector = New(IdCollectorOptions.MinBytesPerShard, 1);
        var shard = collector.CreateShard();
        for (var i = 0; i < 300_000; i++)
            shard.Add(BitConverter.GetBytes(Reverse(i * 7919L % 1000)));

        using var ids = collector.Complete();
        Assert.Equal(1000, Read(ids).Count());
        Assert.Equal(0, collector.SpilledBytes);
    }

    [Fact]
    public void Complete_HundredsOfRuns_AreMergedInLevels()
    {
        using var collector = New(IdCollectorOptions.MinBytesPerShard, 1);
        var shard = collector.CreateShard();
        const int Count = 400_000;
        for (var i = 0; i < Count; i++)
            shard.Add(BitConverter.GetBytes(Reverse(i * 7919L % Count)));
        for (var i = 0; i < Count; i += 1000)
            shard.Add(BitConverter.GetBytes(Reverse(i)));

        using var ids = collector.Complete();
        var expected = 0L;
        while (ids.TryNext(out var id))
            Assert.Equal(expected++, Reverse(BitConverter.ToInt64(id)));
        Assert.Equal(Count, expected);
    }

    [Fact]
    public void Complete_FilledByThreads_HasEveryIdOnce()
    {
        const int Threads = 4;
        using var collector = New(IdCollectorOptions.MinBytesPerShard * Threads, Threads);
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, thread =>
        {
            var shard = collector.CreateShard();
            for (var i = thread * 5000; i < 60_000 + (thread * 5000); i++)
                shard.Add(BitConverter.GetBytes(Reverse(i)));
        });

        using var ids = collector.Complete();
        var expected = 0L;
        while (ids.TryNext(out var id))
            Assert.Equal(expected++, Reverse(BitConverter.ToInt64(id)));
        Assert.Equal(75_000, expected);
    }

    [Fact]
    public void Add_LongIds_GoToDiskAndComeBack()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var random = new Random(seed);
            using var collector = New(1 << 20, 4);
            Assert.Equal(1 << 16, collector.MaxIdBytes);
            var shards = Enumerable.Range(0, 4).Select(_ => collector.CreateShard()).ToArray();
            var twin = new SortedSet<byte[]>(s_byteOrder);
            for (var i = 0; i < 400; i++)
            {
                var id = new byte[random.Next(3) == 0 ? collector.MaxIdBytes - random.Next(3) : random.Next(collector.MaxIdBytes)];
                id.AsSpan().Fill((byte)'x');
                if (id.Length > 4)
                    BitConverter.TryWriteBytes(id.AsSpan(id.Length - 4), random.Next(300));
                twin.Add(id);
                shards[random.Next(4)].Add(id);
            }

            using var ids = collector.Complete();
            Assert.True(
                Read(ids).SequenceEqual(twin, EqualityComparer<byte[]>.Create((left, right) => left.AsSpan().SequenceEqual(right))),
                $"seed {seed}");
        }
    }

    [Fact]
    public void Add_IdBeyondTheBudget_IsBadInputWithoutItsValue()
    {
        using var collector = New(1 << 20, 1);
        var id = new byte[collector.MaxIdBytes + 1];
        id.AsSpan().Fill((byte)'7');
        var error = Assert.Throws<InputDataException>(() => collector.CreateShard().Add(id));
        Assert.Contains("at most 65536 bytes, found 65537", error.ToLine(), StringComparison.Ordinal);
        Assert.DoesNotContain("777", error.ToLine(), StringComparison.Ordinal);
        Assert.Contains("--max-memory", error.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_AfterSpills_LeavesNothing()
    {
        var collector = New(IdCollectorOptions.MinBytesPerShard, 1);
        Fill(collector.CreateShard(), 50_000);
        var folder = Assert.Single(Directory.GetDirectories(_temp));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        collector.Complete().Dispose();
        collector.Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_temp));
    }

    [Fact]
    public void Dispose_WithoutCompleting_LeavesNothing()
    {
        using (var collector = New(IdCollectorOptions.MinBytesPerShard, 1))
            Fill(collector.CreateShard(), 50_000);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_temp));
    }

    [Fact]
    public void Dispose_FoldersOfDeadRuns_AreRemovedAndThoseOfLivingOnesKept()
    {
        using var living = New(IdCollectorOptions.MinBytesPerShard, 1);
        Fill(living.CreateShard(), 50_000);
        var kept = Directory.GetFileSystemEntries(_temp).Order().ToArray();
        var dead = Path.Combine(_temp, "idextractor-spill-0123456789abcdef0123456789abcdef");
        Directory.CreateDirectory(dead);
        File.WriteAllText(Path.Combine(dead, "1.ids"), "left over");
        File.WriteAllText(dead + ".lock", "");
        File.WriteAllText(Path.Combine(_temp, "idextractor-spill-ffff.lock"), "");
        File.WriteAllText(Path.Combine(_temp, "other.lock"), "");
        Directory.CreateDirectory(Path.Combine(_temp, "idextractor-spill-nolock"));

        New(IdCollectorOptions.MinBytesPerShard, 1).Dispose();

        Assert.Equal(
            [.. kept.Append(Path.Combine(_temp, "other.lock")).Append(Path.Combine(_temp, "idextractor-spill-nolock")).Order()],
            Directory.GetFileSystemEntries(_temp).Order());
    }

    [Fact]
    public void Add_TempFolderThatCannotBe_IsAnError()
    {
        var file = Path.Combine(_temp, "file");
        File.WriteAllText(file, "");
        using var collector = new IdCollector(
            new IdCollectorOptions
            {
                MemoryBudget = IdCollectorOptions.MinBytesPerShard,
                Shards = 1,
                TempRoot = Path.Combine(file, "sub")
            });
        var error = Assert.Throws<ConfigurationException>(() => Fill(collector.CreateShard(), 50_000));
        Assert.Contains("--max-memory", error.ToLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1025)]
    [InlineData(0.5, 1)]
    [InlineData(1, 2)]
    public void Constructor_OptionsOutsideTheirRanges_AreRefused(double minimums, int shards) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => New((long)(minimums * IdCollectorOptions.MinBytesPerShard), shards));

    [Fact]
    public void CreateShard_MoreThanAgreed_IsRefused()
    {
        using var collector = New(1 << 20, 1);
        collector.CreateShard();
        Assert.Throws<InvalidOperationException>(collector.CreateShard);
        collector.Complete();
        Assert.Throws<InvalidOperationException>(collector.Complete);
    }

    private IdCollector New(long budget, int shards) =>
        new(new IdCollectorOptions { MemoryBudget = budget, Shards = shards, TempRoot = _temp });

    private static void Fill(IdShard shard, int count)
    {
        for (var i = 0; i < count; i++)
            shard.Add(BitConverter.GetBytes(i));
    }

    private static long Reverse(long value) => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);

    private static byte[] RandomId(Random random, int longest)
    {
        var id = new byte[random.Next(longest)];
        for (var i = 0; i < id.Length; i++)
            id[i] = (byte)(i < 8 && random.Next(4) > 0 ? 'x' : random.Next(256));
        return id;
    }

    private static IEnumerable<byte[]> Read(ISortedIds ids)
    {
        while (Next(ids) is { } id)
            yield return id;
    }

    private static byte[]? Next(ISortedIds ids) => ids.TryNext(out var id) ? id.ToArray() : null;
}
