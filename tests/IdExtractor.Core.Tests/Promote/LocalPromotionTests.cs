using System.Diagnostics;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Core.Tests.Storage.Local;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing;
using IdExtractor.Testing.Stores;
using Xunit;
using static IdExtractor.Core.Tests.Promote.PublishScene;

namespace IdExtractor.Core.Tests.Promote;

/// <summary>
/// Promotion on a disk that damages, refuses or forgets: what becomes active was verified before,
/// and an error means that the file from before is active.
/// </summary>
public sealed class LocalPromotionTests : IDisposable
{
    private static readonly (string Partition, string RunId) Old = ("20251021", "old");
    private static readonly (string Partition, string RunId) New = ("20251022", "new");

    private readonly TempFolder _folder = new();

    private string Active => _folder.At("active", "latest.txt.gz");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("read", true)]
    [InlineData("read", false)]
    [InlineData("write", true)]
    [InlineData("write", false)]
    public async Task Promote_WrongByteAtEveryReadAndWrite_NeverBecomesActive(string operation, bool hasOld)
    {
        for (var turn = 1; ; turn++)
        {
            var root = _folder.At($"{operation}{hasOld}{turn}");
            if (hasOld)
                await PublishAsync(StoreOf(root), Old.Partition, Old.RunId);
            var file = await VerifiedAsync(StoreOf(root), New.Partition, New.RunId, 1);
            var (seen, flipping) = (0, turn);
            var bad =
                new SteppingFileSystem(DiskFileSystem.Instance, _ => { }) { Flips = step => step.Name == operation && ++seen == flipping };
            var done = false;
            try
            {
                done = (await PromoteAsync(StoreOf(root, bad), file)).Active.Metadata!.RunId == New.RunId;
            }
            catch (IdExtractorException error)
            {
                Assert.Contains(error.ExitCode, new[] { ExitCode.VerificationFailed, ExitCode.Guard, ExitCode.Transient });
            }

            (string, string)? before = hasOld ? Old : null;
            Assert.Equal(done ? New : before, OutputReader.ReadWhole(root, Old, New));
            PublishFaultTests.AssertNoRemains(root);
            if (seen < flipping)
                break;
        }
    }

    [Fact]
    public async Task Promote_StageFileReadWithAWrongByte_IsAVerificationErrorThatNamesTheActiveFile()
    {
        await PublishAsync(StoreOf(_folder.Path), Old.Partition, Old.RunId);
        var file = await VerifiedAsync(StoreOf(_folder.Path), New.Partition, New.RunId, 1);
        var error = await Assert.ThrowsAsync<VerificationException>(
            () => PromoteAsync(StoreOf(_folder.Path), file with { Sha256 = new string('0', 64) }));
        Assert.Equal(Active, error.Place.Object);
        Assert.Contains("untouched", error.Advice, StringComparison.Ordinal);
        Assert.Equal(Old, OutputReader.ReadWhole(_folder.Path, Old));
        PublishFaultTests.AssertNoRemains(_folder.Path);
    }

    [UnixTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Promote_FolderCannotBeFlushedAfterTheRename_GivesTheNameBack(bool hasOld)
    {
        if (hasOld)
            await PublishAsync(StoreOf(_folder.Path), Old.Partition, Old.RunId);
        var file = await VerifiedAsync(StoreOf(_folder.Path), New.Partition, New.RunId, 1);
        await Assert.ThrowsAsync<TransientException>(() => PromoteAsync(StoreOf(_folder.Path, FailingAfterTheRename()), file));

        Assert.Equal(hasOld ? Old : null, OutputReader.ReadWhole(_folder.Path, Old, New));
        PublishFaultTests.AssertNoRemains(_folder.Path);
        if (hasOld)
            Assert.Equal(Old.RunId, (await StoreOf(_folder.Path).HeadAsync(ActiveKey, default))!.Metadata["run_id"]);
    }

    [UnixFact]
    public async Task Promote_FolderCannotBeFlushedAndNoHardLinks_IsASuccessWithADoubt()
    {
        // The new file cannot be withdrawn, so it is active, and the result reports that.
        await PublishAsync(StoreOf(_folder.Path), Old.Partition, Old.RunId);
        var file = await VerifiedAsync(StoreOf(_folder.Path), New.Partition, New.RunId, 1);
        var promotion = await PromoteAsync(StoreOf(_folder.Path, FailingAfterTheRename(hasLinks: false)), file);

        Assert.Contains("is active", promotion.Doubt, StringComparison.Ordinal);
        Assert.Equal(New, OutputReader.ReadWhole(_folder.Path, New));
        PublishFaultTests.AssertNoRemains(_folder.Path);
    }

    [Fact]
    public async Task Promote_RenameAcrossDevices_IsAConfigurationErrorAndNotACopy()
    {
        await PublishAsync(StoreOf(_folder.Path), Old.Partition, Old.RunId);
        var file = await VerifiedAsync(StoreOf(_folder.Path), New.Partition, New.RunId, 1);
        var refusing = new SteppingFileSystem(DiskFileSystem.Instance, step =>
        {
            if (step.Name == "replace" && step.Path == Active)
                throw new IOException("system text", 18);
        });
        if (OperatingSystem.IsWindows())
            await Assert.ThrowsAsync<TransientException>(() => PromoteAsync(StoreOf(_folder.Path, refusing), file));
        else
            await Assert.ThrowsAsync<ConfigurationException>(() => PromoteAsync(StoreOf(_folder.Path, refusing), file));
        Assert.Equal(Old, OutputReader.ReadWhole(_folder.Path, Old));
    }

    [UnixFact]
    public async Task Promote_ActiveFileOfAnImpossibleTime_IsReplaced()
    {
        // Only some file systems keep such a time; where it is not kept, the test proves less but
        // still holds.
        var root = Directory.Exists("/dev/shm") ? Directory.CreateTempSubdirectory("idx-test-").FullName : _folder.Path;
        if (Directory.Exists("/dev/shm"))
        {
            Directory.Delete(root);
            root = Path.Combine("/dev/shm", Path.GetFileName(root));
        }

        try
        {
            foreach (var (time, turn) in new[] { ("@253402300800", 1), ("@9000000000000", 2), ("@-99999999999", 3), ("@253402300799", 4) })
            {
                var run = ($"2025110{turn}", $"r{turn}");
                await PublishAsync(StoreOf(root), run.Item1, run.Item2, turn);
                using (var touch = Process.Start("touch", ["-d", time, Path.Combine(root, "active", "latest.txt.gz")]))
                    await touch.WaitForExitAsync();
                Assert.Equal(run, OutputReader.ReadWhole(root, run));
                Assert.Equal(run.Item2, (await StoreOf(root).HeadAsync(ActiveKey, default))!.Metadata["run_id"]);
            }

            await PublishAsync(StoreOf(root), "20251110", "last", 10);
            Assert.Equal(("20251110", "last"), OutputReader.ReadWhole(root, ("20251110", "last")));
        }
        finally
        {
            if (root != _folder.Path)
                Directory.Delete(root, recursive: true);
        }
    }

    private static LocalObjectStore StoreOf(string root, ILocalFileSystem? files = null) =>
        new(root, rootMayBeMissing: true, files ?? DiskFileSystem.Instance, TimeProvider.System);

    /// <summary>Every flush of the folder fails once the active file has been renamed.</summary>
    private SteppingFileSystem FailingAfterTheRename(bool hasLinks = true)
    {
        var isRenamed = false;
        return new SteppingFileSystem(DiskFileSystem.Instance, step =>
        {
            if (step.Name == "flush-folder" && isRenamed)
                throw new IOException("system text", 5);
        })
        {
            HasLinks = hasLinks,
            AfterReplace = step => isRenamed |= step.Path == Active,
        };
    }
}
