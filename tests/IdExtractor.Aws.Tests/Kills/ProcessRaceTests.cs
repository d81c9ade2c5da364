using System.Security.Cryptography;
using IdExtractor.Aws.Tests.Faults;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.S3;

namespace IdExtractor.Aws.Tests.Kills;

/// <summary>
/// Two real processes at once on one output, again and again, with a reader beside them: the newest
/// partition wins, what is read is always one run's text with that run's metadata, and never goes
/// back.
/// </summary>
public sealed class ProcessRaceTests : IDisposable
{
    private const int Rounds = 50;
    private const string Older = "20251021", Newer = "20251022";

    private static readonly HttpClient s_http = new();

    private readonly FaultedRun _run = new();

    private FaultServer Server => _run.Server;

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task Extract_TwoProcessesAtOnce_NewerIsActiveAndReadersNeverSeeAMixture()
    {
        using (var first = ExtractProcess.Start(Server, "first", null, "--partition", $"ano_mes_dia={Older}", "--allow-empty"))
            Assert.Equal((int)ExitCode.Done, (await first.EndAsync()).ExitCode);
        var (start, overlaps, reads) = (_run.ActiveObject!, 0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            // Both conditions of a promotion are raced: nothing there, and this one there. So are
            // objects that are sent whole and in parts.
            Server.Set(FaultedRun.Active, round % 2 == 0 ? null : start);
            var before = Server.Log.Count;
            var sizes = round % 4 < 2 ? null : ExtractProcess.InParts;
            using var stop = new CancellationTokenSource();
            var reading = ReadAsync(stop.Token);
            using var older = ExtractProcess.Start(Server, Older, sizes, "--partition", $"ano_mes_dia={Older}", "--allow-empty");
            using var newer = ExtractProcess.Start(Server, Newer, sizes, "--partition", $"ano_mes_dia={Newer}", "--allow-empty");
            var ended = await Task.WhenAll(older.EndAsync(), newer.EndAsync());
            await stop.CancelAsync();
            reads += await reading;

            Assert.True(
                ended[0].ExitCode is (int)ExitCode.Done or (int)ExitCode.Guard, $"round {round}: {ended[0].ExitCode}, {ended[0].Said}");
            Assert.True(ended[1].ExitCode == (int)ExitCode.Done, $"round {round}: {ended[1].ExitCode}, {ended[1].Said}");
            _run.AssertWhole();
            Assert.Equal(Newer, _run.ActiveObject!.Metadata["x-amz-meta-source_partition"]);
            Assert.Equal(0, Server.Bucket.OpenUploads);
            overlaps += IsInterleaved(Server.Log.Skip(before)) ? 1 : 0;
        }

        // Otherwise the rounds would have shown nothing.
        Assert.InRange(overlaps, Rounds / 10, Rounds);
        Assert.InRange(reads, Rounds, int.MaxValue);
    }

    /// <summary>
    /// Each process asked something of the output before the other had asked its last.
    /// </summary>
    private static bool IsInterleaved(IEnumerable<FaultRequest> requests)
    {
        var keys = requests.Where(request => request.Key.StartsWith("out/", StringComparison.Ordinal))
            .Select(request => request.AccessKey)
            .Where(key => key is Older or Newer)
            .ToList();
        return keys.IndexOf(Older) < keys.LastIndexOf(Newer) && keys.IndexOf(Newer) < keys.LastIndexOf(Older);
    }

    /// <summary>Reads the active object until it is cancelled.</summary>
    /// <returns>How many objects it saw.</returns>
    private async Task<int> ReadAsync(CancellationToken stop)
    {
        var (seen, latest) = (0, "");
        while (!stop.IsCancellationRequested)
        {
            using var reply = await s_http.GetAsync(new Uri($"{Server.Address}/bucket/{FaultedRun.Active}"), CancellationToken.None);
            if (reply.IsSuccessStatusCode)
            {
                string Told(string name) => reply.Headers.GetValues("x-amz-meta-" + name).Single();
                var bytes = await reply.Content.ReadAsByteArrayAsync(CancellationToken.None);
                Assert.Equal(Told("gz_sha256"), Convert.ToHexStringLower(SHA256.HashData(bytes)));
                Assert.True(string.CompareOrdinal(Told("source_partition"), latest) >= 0, "An older partition has replaced a newer one.");
                latest = Told("source_partition");
                seen++;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), CancellationToken.None);
        }

        return seen;
    }
}
