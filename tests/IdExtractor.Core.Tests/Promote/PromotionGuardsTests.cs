using IdExtractor.Core.Catalog;
using IdExtractor.Core.Job;
using IdExtractor.Core.Promote;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;
using Xunit;

namespace IdExtractor.Core.Tests.Promote;

public sealed class PromotionGuardsTests
{
    private static readonly DatePartitions Order = new();
    private static readonly DateTimeOffset Noon = new(2025, 10, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, null, null, false, "empty")]
    [InlineData(0, null, null, true, null)]
    [InlineData(0, 1L, null, true, "--min-ids")]
    [InlineData(9, 10L, null, false, "--min-ids")]
    [InlineData(10, 10L, 10L, false, null)]
    [InlineData(11, null, 10L, false, "--max-ids")]
    [InlineData(1, null, null, false, null)]
    public void CheckCount_Limits_AreInclusive(long total, long? min, long? max, bool allowEmpty, string? said)
    {
        var guards = new PublishGuards { MinIds = min, MaxIds = max, AllowEmpty = allowEmpty };
        Expect(said, () => PromotionGuards.CheckCount(total, guards));
        Expect(said, () => PromotionGuards.Check(Of(total), null, guards, Order));
        Expect(said, () => PromotionGuards.Check(Of(total), Active(Of(total)), guards, Order));
    }

    [Theory]
    [InlineData(100, 90, 10.0, true)]
    [InlineData(100, 89, 10.0, false)]
    [InlineData(1000, 999, 0.0, false)]
    [InlineData(1000, 1000, 0.0, true)]
    [InlineData(1000, 2000, 0.0, true)]
    [InlineData(1000, 999, 0.1, true)]
    [InlineData(1000, 998, 0.1, false)]
    [InlineData(3, 2, 33.3, false)]
    [InlineData(3, 2, 33.4, true)]
    [InlineData(0, 5, 10.0, true)]
    [InlineData(100, 0, 100.0, true)]
    [InlineData(100, 0, 99.9, false)]
    [InlineData(long.MaxValue, 1, 100.0, true)]
    public void Check_Drop_IsComparedExactly(long before, long after, double percent, bool passes)
    {
        var guards = new PublishGuards { MaxDropPercent = percent, AllowEmpty = true };
        Expect(passes ? null : "--max-drop-percent", () => PromotionGuards.Check(Of(after), Active(Of(before)), guards, Order));
    }

    [Fact]
    public void Check_DropWithoutActiveFile_Passes() =>
        PromotionGuards.Check(Of(1), null, new PublishGuards { MaxDropPercent = 1 }, Order);

    [Theory]
    [InlineData("20251022", 0, "20251021", 5, true)]
    [InlineData("20251021", 5, "20251022", 0, false)]
    [InlineData("9", 0, "10", 0, false)]
    [InlineData("20251022", 1, "20251022", 0, true)]
    [InlineData("20251022", 0, "20251022", 0, true)]
    [InlineData("20251022", 0, "20251022", 1, false)]
    [InlineData("unpartitioned", 1, "unpartitioned", 0, true)]
    [InlineData("unpartitioned", 0, "unpartitioned", 1, false)]
    [InlineData("20251022", 1, "unpartitioned", 0, true)]
    [InlineData("20251022", 0, "unpartitioned", 1, false)]
    [InlineData("text", 1, "text", 0, true)]
    [InlineData("text", 0, "text", 1, false)]
    public void Check_Age_OlderNeverReplacesNewer(string partition, int minute, string activePartition, int activeMinute, bool passes)
    {
        var candidate = Of(1, partition, minute);
        var active = Active(Of(1, activePartition, activeMinute));
        Expect(passes ? null : "newer", () => PromotionGuards.Check(candidate, active, new PublishGuards(), Order));
        Expect(null, () => PromotionGuards.Check(candidate, active, new PublishGuards { AllowOlder = true }, Order));
    }

    [Fact]
    public void Check_PartitionsThatCannotBeCompared_AreRefusedUnlessOlderIsAllowed()
    {
        Expect("cannot be compared", () => PromotionGuards.Check(Of(1, "a"), Active(Of(1, "b")), new PublishGuards(), Order));
        Expect(null, () => PromotionGuards.Check(Of(1, "a"), Active(Of(1, "b")), new PublishGuards { AllowOlder = true }, Order));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1.0)]
    public void Check_ActiveFileWithoutUsableMetadata_NeedsAllowOlder(double? maxDrop)
    {
        var error = Assert.Throws<GuardException>(
            () => PromotionGuards.Check(Of(1), Active(null), new PublishGuards { MaxDropPercent = maxDrop }, Order));
        Assert.Contains("cannot be compared", error.Message, StringComparison.Ordinal);
        Assert.Contains("no side file", error.Message, StringComparison.Ordinal);
        Assert.Equal("/out/active/latest.txt.gz", error.Place.Object);
        Assert.Contains("--allow-older", error.Advice, StringComparison.Ordinal);
        PromotionGuards.Check(Of(1), Active(null), new PublishGuards { MaxDropPercent = maxDrop, AllowOlder = true }, Order);
    }

    [Fact]
    public void PassedBy_EveryCombinationOfGuards_LetsTheFilePassAndLiftsNothingElse()
    {
        ActiveFile?[] actives = [null, Active(null), Active(Of(100, "20251022", 5)), Active(Of(0, "20251022", 5)), Active(Of(100, "x"))];
        PublishMetadata[] candidates =
        [
            .. from total in new long[] { 0, 10, 33, 99, 100 }
               from partition in new[] { "20251021", "20251023", "unpartitioned" }
               select Of(total, partition),
        ];
        long?[] limits = [null, 0, 20, 50];
        PublishGuards[] combinations =
        [
            .. from min in limits
               from max in limits
               from drop in new double?[] { null, 0, 0.5, 100 }
               from isEmptyAllowed in new[] { false, true }
               from isOlderAllowed in new[] { false, true }
               select new PublishGuards
               {
                   MinIds = min,
                   MaxIds = max,
                   MaxDropPercent = drop,
                   AllowEmpty = isEmptyAllowed,
                   AllowOlder = isOlderAllowed,
               },
        ];
        foreach (var (active, candidate, guards) in from active in actives
                                                    from candidate in candidates
                                                    from guards in combinations
                                                    select (active, candidate, guards))
        {
            var passed = PromotionGuards.PassedBy(candidate, active, guards, SourcePartition.Order);
            PromotionGuards.Check(candidate, active, passed, SourcePartition.Order);
            Assert.False(passed.AllowEmpty && passed.MinIds > 0 && !guards.AllowEmpty, "no command may contain both");
            if (Record.Exception(() => PromotionGuards.Check(candidate, active, guards, SourcePartition.Order)) is null)
                Assert.Equal(guards, passed);
        }
    }

    [Theory]
    [InlineData("20251022")]
    [InlineData("2025-10-22")]
    [InlineData("ano=2025/mes=10")]
    [InlineData("some text")]
    [InlineData("")]
    public void Check_RunWithoutPartitionsAfterAPartition_NeedsAllowOlder(string active)
    {
        // However new it is, a file made from a whole table does not state which days it holds.
        var candidate = Of(1, "unpartitioned", 1000);
        Expect("made from a partition", () => PromotionGuards.Check(candidate, Active(Of(1, active)), new PublishGuards(), Order));
        PromotionGuards.Check(candidate, Active(Of(1, active)), new PublishGuards { AllowOlder = true }, Order);
        Assert.True(PromotionGuards.IsOlder(candidate, Of(1, active), Order));
    }

    [Theory]
    [InlineData("ano_mes_dia=20251022")]
    [InlineData("22/10/2025")]
    [InlineData("2025102")]
    [InlineData("ano=2025/mes=10/dia=22")]
    [InlineData("__HIVE_DEFAULT_PARTITION__")]
    [InlineData("Unpartitioned")]
    [InlineData(" 20251022")]
    [InlineData("")]
    public void Check_PartitionInAnUnknownForm_NeedsAllowOlder(string active)
    {
        Expect(
            "cannot be compared",
            () => PromotionGuards.Check(Of(1, "20251023", 5), Active(Of(1, active)), new PublishGuards(), SourcePartition.Order));
        PromotionGuards.Check(Of(1, "20251023", 5), Active(Of(1, active)), new PublishGuards { AllowOlder = true }, SourcePartition.Order);
    }

    [Fact]
    public void Check_NewerFileActive_SaysWhichIsWhichAndWhatHelps()
    {
        var error = Assert.Throws<GuardException>(() =>
            PromotionGuards.Check(Of(1, "20251021"), Active(Of(1, "20251022")), new PublishGuards(), Order));
        Assert.Equal(ExitCode.Guard, error.ExitCode);
        Assert.Equal("/out/active/latest.txt.gz", error.Place.Object);
        Assert.Contains("20251022", error.Place.Expected, StringComparison.Ordinal);
        Assert.Contains("20251021", error.Place.Actual, StringComparison.Ordinal);
        Assert.Contains("--allow-older", error.Advice, StringComparison.Ordinal);
    }

    private static void Expect(string? said, Action check)
    {
        if (said is null)
            check();
        else
            Assert.Contains(said, Assert.Throws<GuardException>(check).Message, StringComparison.Ordinal);
    }

    private static PublishMetadata Of(long total, string partition = "20251022", int minute = 0) => new()
    {
        TotalIds = total,
        Md5Checksum = new string('0', 32),
        CreatedAt = Noon.AddMinutes(minute),
        SourcePartition = partition,
    };

    private static ActiveFile Active(PublishMetadata? metadata) =>
        new(new ObjectInfo("active/latest.txt.gz", 1, new ObjectStamp("s"), Noon), "/out/active/latest.txt.gz", metadata)
        {
            Problem = metadata is null ? new MetadataProblem("There is no side file") : null,
        };
}
