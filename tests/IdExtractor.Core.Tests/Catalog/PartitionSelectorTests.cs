using IdExtractor.Core.Catalog;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;
using Xunit;

namespace IdExtractor.Core.Tests.Catalog;

public sealed class PartitionSelectorTests
{
    private static readonly TableFolders s_store = new();

    [Theory]
    [InlineData("ano_mes_dia=20251021 ano_mes_dia=20251022 ano_mes_dia=20250930", "20251022 20251021 20250930")]
    [InlineData("lote=9 lote=10 lote=100 lote=99", "100 99 10 9")]
    [InlineData("dt=2025-10-21 dt=2025-10-22 dt=2024-12-31", "2025-10-22 2025-10-21 2024-12-31")]
    [InlineData("dt=20251021 dt=2025-10-22 dt=2025-10-20T10:00:00", "2025-10-22 20251021 2025-10-20T10:00:00")]
    [InlineData("dia=09 dia=10", "10 09")]
    [InlineData("n=-1 n=-10 n=0", "0 -1 -10")]
    [InlineData("year=2025/month=12/day=31 year=2026/month=1/day=1 year=2025/month=9/day=9",
        "year=2026/month=1/day=1 year=2025/month=12/day=31 year=2025/month=9/day=9")]
    [InlineData("year=2025/month=9/day=30 year=2025/month=10/day=1 year=2024/month=12/day=31",
        "year=2025/month=10/day=1 year=2025/month=9/day=30 year=2024/month=12/day=31")]
    [InlineData("dt=20251022/hora=9 dt=20251022/hora=10 dt=20251021/hora=23", "dt=20251022/hora=10 dt=20251022/hora=9 dt=20251021/hora=23")]
    public void Select_NoPin_OrdersByTypedTuple(string folders, string expected)
    {
        var selection = Select(folders);
        Assert.Equal(expected.Split(' '), selection.Candidates.Select(candidate => candidate.SourcePartition));
        Assert.Empty(selection.Skipped);
        Assert.True(selection.IsPartitioned);
    }

    [Fact]
    public void Select_JunkValues_AreSkippedWithAWarningEach()
    {
        var selection = Select("d=__HIVE_DEFAULT_PARTITION__ d=teste d=20251399 d=20251022 d=00000000 d= d=20250930");

        Assert.Equal(["20251022", "20250930"], selection.Candidates.Select(candidate => candidate.SourcePartition));
        Assert.Equal(5, selection.Skipped.Count);
        Assert.All(selection.Skipped, item => Assert.True(item.IsWarning));
        Assert.Contains(selection.Skipped, item => item.Name == "/data/d=20251399/");
    }

    [Fact]
    public void Select_SkippedPartitionElsewhere_IsNamedByItsValuesToo()
    {
        CatalogPartition[] partitions = [
            new([new("d", "20251399")], new StoreLocation(s_store, "misc/1/")),
            new([new("d", "20251022")], new StoreLocation(s_store, "misc/2/"))
        ];

        Assert.Equal(
            "d=20251399 at /data/misc/1/",
            PartitionSelector.Select(new CatalogTable("t", s_store.Root, ["d"]), partitions, null).Skipped.Single().Name);
    }

    [Fact]
    public void Select_DefaultPartitionAtALowerLevel_IsSkipped()
    {
        var selection = Select("year=2026/month=__HIVE_DEFAULT_PARTITION__/day=5 year=2026/month=1/day=1");

        Assert.Equal("year=2026/month=1/day=1", selection.Candidates.Single().SourcePartition);
        Assert.Equal("the value of 'month' is neither a date, a timestamp nor a whole number", selection.Skipped.Single().Reason);
    }

    [Theory]
    [InlineData("d=teste d=__HIVE_DEFAULT_PARTITION__", "--partition d=VALUE")]
    [InlineData("uf=SP/d=20251022 uf=RJ/d=20251022", "--partition uf=VALUE")]
    public void Select_OnlyTexts_HaveNoLatest(string folders, string advice)
    {
        var error = Assert.Throws<PartitionException>(() => Select(folders));
        Assert.Contains("keys of text have no latest", error.ToLine(), StringComparison.Ordinal);
        Assert.Contains(advice, error.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void Select_NoPartitionAtAll_IsAPartitionError() =>
        Assert.Throws<PartitionException>(() => PartitionSelector.Select(new CatalogTable("t", s_store.Root, ["d"]), [], null));

    [Theory]
    [InlineData("d=20251020", "20251020")]
    [InlineData("D=20251020", "20251020")]
    [InlineData("d=2025-10-20", "20251020")]
    [InlineData("d=teste", "teste")]
    [InlineData("d=20251399", "20251399")]
    [InlineData("d=__HIVE_DEFAULT_PARTITION__", "__HIVE_DEFAULT_PARTITION__")]
    public void Select_Pinned_TakesThatOne(string pin, string expected) =>
        Assert.Equal(
            expected,
            Select("d=20251022 d=20251020 d=teste d=20251399 d=__HIVE_DEFAULT_PARTITION__", pin).Candidates.Single().SourcePartition);

    [Theory]
    [InlineData("year=2025", "year=2025/month=10/day=1")]
    [InlineData("year=2025/month=9", "year=2025/month=9/day=30")]
    [InlineData("year=2025/month=09", "year=2025/month=9/day=30")]
    [InlineData("month=12", "year=2024/month=12/day=31")]
    [InlineData("day=1", "year=2025/month=10/day=1")]
    [InlineData("year=2025/day=09", "year=2025/month=9/day=9")]
    public void Select_PartlyPinned_TakesTheLatestOfTheRest(string pin, string expected)
    {
        const string Folders = "year=2025/month=9/day=30 year=2025/month=9/day=9 year=2025/month=10/day=1 year=2024/month=12/day=31";
        Assert.Equal(expected, Select(Folders, pin).Candidates[0].SourcePartition);
    }

    [Fact]
    public void Select_TextKeyPinned_OrdersByTheOtherKeys()
    {
        var selection = Select("uf=SP/d=20251021 uf=SP/d=20251022 uf=RJ/d=20251023 uf=SP/d=x", "uf=SP");

        Assert.Equal(["uf=SP/d=20251022", "uf=SP/d=20251021"], selection.Candidates.Select(candidate => candidate.SourcePartition));
        Assert.Single(selection.Skipped);
    }

    [Theory]
    [InlineData("d=20990101")]
    [InlineData("d=2025")]
    [InlineData("d=Teste")]
    [InlineData("d=")]
    [InlineData("other=20251022")]
    public void Select_PinnedAndAbsent_IsAPartitionError(string pin)
    {
        var error = Assert.Throws<PartitionException>(() => Select("d=20251022 d=teste", pin));
        Assert.Equal(ExitCode.Partition, error.ExitCode);
    }

    [Theory]
    [InlineData("month=9/year=2025")]
    [InlineData("year=2025/year=2025")]
    public void Select_PinOutOfOrder_IsAUsageError(string pin)
    {
        var error = Assert.Throws<UsageException>(() => Select("year=2025/month=9", pin));
        Assert.Contains("year/month", error.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void Select_PinOnATableWithoutPartitions_IsAPartitionError() =>
        Assert.Throws<PartitionException>(() => PartitionSelector.Select(new CatalogTable("t", s_store.Root, []), [], Pin("d=1")));

    [Fact]
    public void Select_TableWithoutPartitions_IsOneCandidate()
    {
        var selection = PartitionSelector.Select(new CatalogTable("t", s_store.Root, []), [], null);

        Assert.Equal(new PartitionCandidate("unpartitioned", s_store.Root, null), selection.Candidates.Single());
        Assert.False(selection.IsPartitioned);
    }

    [Theory]
    [InlineData("mes=9 mes=09", "/data/mes=9/", "/data/mes=09/")]
    [InlineData("d=20251022 d=2025-10-22 d=20251023", "/data/d=20251022/", "/data/d=2025-10-22/")]
    [InlineData("ano=2025/mes=9/dia=1 ano=2025/mes=09/dia=2 ano=2025/mes=10/dia=1", "/data/ano=2025/mes=9/dia=1/",
        "/data/ano=2025/mes=09/dia=2/")]
    [InlineData("dia=9 Dia=9", "/data/dia=9/", "/data/Dia=9/")]
    [InlineData("t=2025-10-22T00:00:00 t=2025-10-22", "/data/t=2025-10-22T00:00:00/", "/data/t=2025-10-22/")]
    public void Select_EqualValues_AreRefusedNamingBoth(string folders, string first, string second)
    {
        var error = Assert.Throws<InputDataException>(() => Select(folders));
        Assert.Contains(first, error.ToLine(), StringComparison.Ordinal);
        Assert.Contains(second, error.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void Select_PinMatchesTwoSpellings_IsRefused() =>
        Assert.Throws<InputDataException>(() => Select("dia=9 dia=09 dia=10", "dia=9"));

    [Fact]
    public void Select_PinLeavesTwoSpellingsOut_IsNoMatter() =>
        Assert.Equal("10", Select("dia=9 dia=09 dia=10", "dia=10").Candidates.Single().SourcePartition);

    [Fact]
    public void Select_SameDayUnderDifferentParents_IsNoDuplicate() => Assert.Equal(2, Select("m=9/d=1 m=10/d=01").Candidates.Count);

    [Theory]
    [InlineData("d=20251022 d=2025", "/data/d=2025/", "/data/d=20251022/")]
    [InlineData("d=2025 d=20251022", "/data/d=2025/", "/data/d=20251022/")]
    [InlineData("y=1/d=7 y=2/d=2025-10-22", "/data/y=1/d=7/", "/data/y=2/d=2025-10-22/")]
    public void Select_DatesAmongNumbers_AreRefusedNamingBoth(string folders, string number, string date)
    {
        var error = Assert.Throws<InputDataException>(() => Select(folders));
        Assert.Contains(number, error.ToLine(), StringComparison.Ordinal);
        Assert.Contains(date, error.ToLine(), StringComparison.Ordinal);
        Assert.Contains("--partition", error.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public void Select_DatesAmongNumbersInAPinnedKey_AreNoMatter() =>
        Assert.Equal("2025", Select("d=20251022 d=2025", "d=2025").Candidates.Single().SourcePartition);

    [Fact]
    public void Select_TooFewKeys_AreSkipped()
    {
        var table = new CatalogTable("t", s_store.Root, ["year", "month"]);
        var selection = PartitionSelector.Select(table, [Partition("year=2026"), Partition("year=2025/month=1")], null);

        Assert.Equal("year=2025/month=1", selection.Candidates.Single().SourcePartition);
        Assert.Equal("has 1 of 2 partition keys", selection.Skipped.Single().Reason);
    }

    [Fact]
    public void Select_ControlCharactersInAValue_AreSkippedEvenWhenPinned()
    {
        var table = new CatalogTable("t", s_store.Root, ["k"]);
        var partition = new CatalogPartition([new("k", "a\nb")], s_store.Root);
        Assert.Throws<PartitionException>(() => PartitionSelector.Select(table, [partition], new PartitionPin([new("k", "a\nb")])));
    }

    [Fact]
    public void Select_AnyOrderOfFolders_GivesTheSameCandidates()
    {
        for (var seed = 1; seed <= 100; seed++)
        {
            var random = new Random(seed);
            var days = Enumerable.Range(0, 40).Select(_ => new DateTime(2025, 1, 1).AddDays(random.Next(800))).Distinct().ToArray();
            var folders = days.Select(day => $"year={day.Year}/month={day.Month}/day={day.Day}").ToArray();
            random.Shuffle(folders);
            var selected = Select(string.Join(' ', folders)).Candidates.Select(candidate => candidate.SourcePartition);
            var expected = days.OrderDescending().Select(day => $"year={day.Year}/month={day.Month}/day={day.Day}");
            Assert.True(expected.SequenceEqual(selected), $"seed {seed}");
        }
    }

    [Theory]
    [InlineData("ano_mes_dia=20251022", "2025-10-22")]
    [InlineData("dt=2025-10-22", "2025-10-22")]
    [InlineData("event_year=2025/event_month=10/event_day=2", "2025-10-02")]
    [InlineData("ano=2025/mes=02/dia=3/hora=4", "2025-02-03")]
    [InlineData("lote=7/dt=20251022", "2025-10-22")]
    [InlineData("lote=7/year=2025/month=1/day=1", "2025-01-01")]
    [InlineData("lote=100", null)]
    [InlineData("year=2025/month=13/day=1", null)]
    [InlineData("year=2025/month=2/day=30", null)]
    [InlineData("year=2025/month=2", null)]
    [InlineData("a=2025/b=2/c=3", null)]
    public void Select_Candidates_KnowTheirDate(string folder, string? expected)
    {
        var time = Select(folder).Candidates.Single().Time;
        Assert.Equal(expected, time?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(time is null || time.Value.Kind == DateTimeKind.Utc);
    }

    private static PartitionSelection Select(string folders, string? pin = null)
    {
        var partitions = folders.Split(' ').Select(Partition).ToArray();
        var table = new CatalogTable("table", s_store.Root, [.. partitions[0].Values.Select(value => value.Key)]);
        return PartitionSelector.Select(table, partitions, pin is null ? null : Pin(pin));
    }

    private static CatalogPartition Partition(string folder) => new(Pin(folder).Values, new StoreLocation(s_store, folder + "/"));

    private static PartitionPin Pin(string text) =>
        new([.. text.Split('/').Select(part => part.Split('=', 2)).Select(part => new PartitionValue(part[0], part[1]))]);
}
