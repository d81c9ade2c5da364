using IdExtractor.Core.Job;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.Stores;
using Xunit;
using static IdExtractor.Core.Tests.Promote.PublishScene;

namespace IdExtractor.Core.Tests.Promote;

/// <summary>
/// An active file that does not state its source is not "no file": it may be newer than its
/// replacement.
/// </summary>
public sealed class UnusableMetadataTests : IDisposable
{
    private static readonly (string Partition, string RunId) New = ("20251022", "new");

    private readonly TempFolder _folder = new();

    private string Active => _folder.At("active", "latest.txt.gz");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("not JSON")]
    [InlineData("{}")]
    [InlineData("""{"metadata": {}}""")]
    [InlineData("""{"metadata": "text"}""")]
    [InlineData("""{"metadata": {"total_ids": 40, "md5_checksum": "d41d8cd98f00b204e9800998ecf8427e", "created_at": "20251023_120000", "source_partition": "20251023"}}""")]
    [InlineData("""{"total_ids": "40", "md5_checksum": "d41d8cd98f00b204e9800998ecf8427e", "created_at": "2025-10-23T12:00:00Z", "source_partition": "20251023"}""")]
    [InlineData("""{"total_ids": "40", "md5_checksum": "d41d8cd98f00b204e9800998ecf8427e", "created_at": "20251023_120000", "partition": "20251023"}""")]
    [InlineData("""{"total_ids": "40", "md5_checksum": "d41d8cd98f00b204e9800998ecf8427e", "created_at": "20251023_120000", "source_partition": "ano_mes_dia=20251023"}""")]
    [InlineData("""{"totalIds": "40", "md5": "d41d8cd98f00b204e9800998ecf8427e", "createdAt": "20251023_120000", "sourcePartition": "20251023"}""")]
    [InlineData("""{"metadata": {"total_ids": "40", "md5_checksum": "d41d8cd98f00b204e9800998ecf8427e", "created_at": "20251023_120000", "source_partition": "20251023"}, "sha256": "00"}""")]
    public async Task Promote_ActiveFileWhoseMetadataCannotBeUsed_NeedsAllowOlder(string? side)
    {
        await PublishAsync(Store(), "20251023", "newer");
        if (side is null)
            File.Delete(Active + ".metadata.json");
        else
            File.WriteAllText(Active + ".metadata.json", side);
        var bytes = File.ReadAllBytes(Active);
        var file = await VerifiedAsync(Store(), New.Partition, New.RunId, 1);

        var error = await Assert.ThrowsAsync<GuardException>(() => PromoteAsync(Store(), file));
        Assert.Contains("--allow-older", error.ToLine(), StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(Active));

        await PromoteAsync(Store(), file, new PublishGuards { AllowOlder = true });
        Assert.Equal(New, OutputReader.ReadWhole(_folder.Path, New));
    }

    [Fact]
    public async Task Promote_ActiveFileReplacedByHand_IsReportedAsAnotherHash()
    {
        await PublishAsync(Store(), "20251023", "newer");
        File.AppendAllText(Active, "x");
        var file = await VerifiedAsync(Store(), New.Partition, New.RunId, 1);
        var error = await Assert.ThrowsAsync<GuardException>(() => PromoteAsync(Store(), file));
        Assert.Contains("SHA-256", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Matches("^[0-9a-f]{64}$", error.Place.Actual);
    }

    private LocalObjectStore Store() => new(_folder.Path, rootMayBeMissing: true);
}
