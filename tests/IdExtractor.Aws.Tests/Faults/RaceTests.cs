using IdExtractor.Core.Job;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.Tests.Faults;

/// <summary>
/// Two runs at once on one output, with nothing in common but the bucket: the newest partition
/// wins, and metadata and body are of one run.
/// </summary>
public sealed class RaceTests : IDisposable
{
    private const int Rounds = 50;

    private readonly FaultedRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Extract_OlderAndNewerPartitionAtOnce_NewerIsActive()
    {
        for (var round = 0; round < Rounds; round++)
        {
            if (round % 5 == 0)
                _run.Server.Bucket.Remove(FaultedRun.Active);
            var guards = new PublishGuards { AllowEmpty = true };
            var both = await Task.WhenAll(_run.TryAsync("20251021", guards), _run.TryAsync("20251022", guards));

            Assert.True(both[0] is ExitCode.Done or ExitCode.Guard, $"round {round}: {both[0]}");
            Assert.True(both[1] == ExitCode.Done, $"round {round}: {both[1]}");
            _run.AssertWhole();
            Assert.Equal("20251022", _run.ActiveObject!.Metadata["x-amz-meta-source_partition"]);
        }
    }
}
