using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.Storage.Local;

public sealed class TargetLockTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TryAcquire_Held_IsNullUntilGivenUp()
    {
        var first = TargetLock.TryAcquire(DiskFileSystem.Instance, _folder.At("name"));
        Assert.NotNull(first);
        Assert.Null(TargetLock.TryAcquire(DiskFileSystem.Instance, _folder.At("name")));
        using (TargetLock.TryAcquire(DiskFileSystem.Instance, _folder.At("other")))
            first.Dispose();
        using var second = TargetLock.TryAcquire(DiskFileSystem.Instance, _folder.At("name"));
        Assert.NotNull(second);
    }

    [Fact]
    public void Dispose_Twice_LeavesTheLockOfTheNextHolder()
    {
        var first = TargetLock.TryAcquire(DiskFileSystem.Instance, _folder.At("name"))!;
        first.Dispose();
        using var second = TargetLock.TryAcquire(DiskFileSystem.Instance, _folder.At("name"));
        first.Dispose();
        Assert.Null(TargetLock.TryAcquire(DiskFileSystem.Instance, _folder.At("name")));
    }

    [Fact]
    public void Dispose_Held_LeavesNoFile()
    {
        TargetLock.TryAcquire(DiskFileSystem.Instance, _folder.At("name"))!.Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void TryAcquire_FileOfADeadHolder_TakesItOver()
    {
        File.WriteAllText(LocalNames.Lock(_folder.At("name")), "");
        using (var held = TargetLock.TryAcquire(DiskFileSystem.Instance, _folder.At("name")))
            Assert.NotNull(held);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void TryAcquire_NameRemovedBetweenOpenAndCheck_IsNotTaken()
    {
        // The last holder gives up, and removes the name, after this one has opened the file.
        var removing = new SteppingFileSystem(DiskFileSystem.Instance, step =>
        {
            if (step.Name == "modify")
                File.Delete(LocalNames.Lock(_folder.At("name")));
        });
        Assert.Null(TargetLock.TryAcquire(removing, _folder.At("name")));

        var replacing = new SteppingFileSystem(DiskFileSystem.Instance, step =>
        {
            if (step.Name != "modify")
                return;
            File.Delete(LocalNames.Lock(_folder.At("name")));
            File.WriteAllText(LocalNames.Lock(_folder.At("name")), "");
        });
        Assert.Null(TargetLock.TryAcquire(replacing, _folder.At("name")));
    }

    [Fact]
    public async Task AcquireAsync_ManyHolders_NeverTwoAtOnce()
    {
        var inside = 0;
        var total = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var turn = 0; turn < 25; turn++)
            {
                using var held = await TargetLock.AcquireAsync(DiskFileSystem.Instance, _folder.At("name"), TimeProvider.System, default);
                Assert.Equal(1, Interlocked.Increment(ref inside));
                total++;
                await Task.Yield();
                Assert.Equal(0, Interlocked.Decrement(ref inside));
            }
        })));
        Assert.Equal(200, total);
    }

    [Fact]
    public async Task AcquireAsync_HeldForTooLong_GivesUp()
    {
        using var held = TargetLock.TryAcquire(DiskFileSystem.Instance, _folder.At("name"));
        await Assert.ThrowsAsync<TransientException>(async () =>
            await TargetLock.AcquireAsync(DiskFileSystem.Instance, _folder.At("name"), new InstantTimeProvider(), default));
    }

    [Fact]
    public async Task AcquireAsync_CancelledWhileWaiting_Stops()
    {
        using var held = TargetLock.TryAcquire(DiskFileSystem.Instance, _folder.At("name"));
        using var stop = new CancellationTokenSource();
        var waiting = TargetLock.AcquireAsync(DiskFileSystem.Instance, _folder.At("name"), TimeProvider.System, stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
