using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using IdExtractor.Core.Job;
using IdExtractor.Core.Stage;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.Stage;

public sealed class StageStepTests
{
    private static readonly StageRequest Request = new()
    {
        SourcePartition = "20251022",
        RunId = "run-1",
        ToolVersion = "1.2.3",
        InputFingerprint = "f00d",
    };

    private readonly MemoryObjectStore _store = new();
    private readonly InstantTimeProvider _clock = new(new DateTimeOffset(2025, 10, 22, 9, 0, 0, 600, TimeSpan.FromHours(-3)));

    [Fact]
    public async Task RunAsync_TestVector_IsStagedWithItsMetadata()
    {
        var staged = await StageAsync(new SortedIdList("ID001", "ID002", "ID003"));

        Assert.Equal("stage/stage_20251022_120000.txt.gz", staged.Object.Key);
        Assert.Equal("7fdfa3ed267d869eab18b755ce475a4f", staged.Metadata.Md5Checksum);
        Assert.Equal(17, staged.TextBytes);
        var bytes = await BytesAsync(staged);
        Assert.Equal("ID001\nID002\nID003", Unzip(bytes));
        var metadata = (await _store.HeadAsync(staged.Object.Key, default))!.Metadata;
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["total_ids"] = "3",
                ["md5_checksum"] = "7fdfa3ed267d869eab18b755ce475a4f",
                ["created_at"] = "20251022_120000",
                ["source_partition"] = "20251022",
                ["gz_sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)),
                ["run_id"] = "run-1",
                ["tool_version"] = "1.2.3",
                ["trailing_newline"] = "false",
                ["input_fingerprint"] = "f00d",
            }.OrderBy(pair => pair.Key, StringComparer.Ordinal),
            metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task RunAsync_TrailingNewline_IsPartOfTextAndChecksum()
    {
        var staged = await StageAsync(new SortedIdList("ID001", "ID002"), new OutputSettings { TrailingNewline = true });
        Assert.Equal("ID001\nID002\n", Unzip(await BytesAsync(staged)));
        Assert.Equal(
            Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.MD5, "ID001\nID002\n"u8)),
            staged.Metadata.Md5Checksum);
        Assert.Equal(2, staged.Metadata.TotalIds);
        Assert.True(staged.Metadata.TrailingNewline);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_NoIds_StagesOneMemberOfNoBytes(bool trailingNewline)
    {
        var staged = await StageAsync(new SortedIdList(Array.Empty<string>()), new OutputSettings { TrailingNewline = trailingNewline });
        var bytes = await BytesAsync(staged);
        Assert.Equal(20, bytes.Length);
        Assert.Equal("", Unzip(bytes));
        Assert.Equal(0, staged.Metadata.TotalIds);
        Assert.Equal(0, staged.TextBytes);
        Assert.Equal("d41d8cd98f00b204e9800998ecf8427e", staged.Metadata.Md5Checksum);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public async Task RunAsync_EveryLevel_WritesTheSameHeaderAndText(int level)
    {
        var ids = Enumerable.Range(0, 30_000).Select(number => $"id-{number:000000}").ToArray();
        var settings = new OutputSettings { GzipLevel = level, StageKey = "stage/x.txt.gz" };
        var bytes = await BytesAsync(await StageAsync(new SortedIdList(ids), settings));
        Assert.Equal("1f8b08000000000000ff", Convert.ToHexStringLower(bytes.AsSpan(0, 10)));
        Assert.Equal(string.Join('\n', ids), Unzip(bytes));

        var again = await BytesAsync(await StageAsync(new SortedIdList(ids), settings with { StageKey = "stage/y.txt.gz" }));
        Assert.True(bytes.AsSpan().SequenceEqual(again));
    }

    [Fact]
    public async Task RunAsync_RandomIds_JoinsThemWhateverTheirLengths()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            var ids = Enumerable.Range(0, random.Next(1, 3000))
                .Select(_ => RandomId(random, random.Next(50) == 0 ? random.Next(60_000, 150_000) : random.Next(1, 40)))
                .ToArray();
            var newline = random.Next(2) == 0;
            var staged = await StageAsync(
                new SortedIdList(ids), new OutputSettings { TrailingNewline = newline, StageKey = $"stage/{seed}" });
            var expected = string.Join('\n', ids) + (newline ? "\n" : "");
            Assert.True(expected == Unzip(await BytesAsync(staged)), $"seed {seed}");
            Assert.Equal(
                Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.MD5, Encoding.UTF8.GetBytes(expected))),
                staged.Metadata.Md5Checksum);
            Assert.Equal(ids.Length, staged.Metadata.TotalIds);
            Assert.Equal(expected.Length, staged.TextBytes);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("\n")]
    [InlineData("ends\r")]
    public async Task RunAsync_IdThatBreaksTheText_IsRefusedAndNothingStays(string bad)
    {
        var error = await Assert.ThrowsAsync<InputDataException>(() => StageAsync(new SortedIdList("first", bad)));
        Assert.Equal(ExitCode.BadInput, error.ExitCode);
        if (bad.Length > 1)
            Assert.DoesNotContain(bad, error.ToLine(), StringComparison.Ordinal);
        Assert.Empty(await _store.ListAsync("", default).ToListAsync());
    }

    /// <summary>
    /// Text is examined block by block, so the line break is placed at the end of a block, where a
    /// block continues with the tail of an ID, and far from both.
    /// </summary>
    [Theory]
    [InlineData('\n')]
    [InlineData('\r')]
    public async Task RunAsync_LineBreakAnywhereInALongText_IsRefused(char lineBreak)
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var random = new Random(seed);
            var ids = Enumerable.Range(0, 1000)
                .Select(_ => RandomId(random, random.Next(100) == 0 ? random.Next(100_000, 300_000) : random.Next(200, 400)))
                .ToArray();
            var bad = random.Next(ids.Length);
            ids[bad] = ids[bad].Insert(
                random.Next(3) switch { 0 => 0, 1 => ids[bad].Length, _ => random.Next(ids[bad].Length) }, lineBreak.ToString());
            await Assert.ThrowsAsync<InputDataException>(() => StageAsync(new SortedIdList(ids), new OutputSettings { GzipLevel = 1 }));
        }

        Assert.Empty(await _store.ListAsync("", default).ToListAsync());
    }

    [Fact]
    public async Task RunAsync_LateError_IsTheOneThatIsTold()
    {
        var ids = Enumerable.Range(0, 500_000)
            .Select(number => Encoding.UTF8.GetBytes($"{number:x8}-{number * 7919:x8}"))
            .Append([])
            .ToList();
        await Assert.ThrowsAsync<InputDataException>(() => StageAsync(new SortedIdList(ids)));
        Assert.Empty(await _store.ListAsync("", default).ToListAsync());
    }

    [Theory]
    [InlineData("ID\u000b1")]
    [InlineData("ID\u0085\u20281")]
    [InlineData("   ")]
    [InlineData("nul\0")]
    public async Task RunAsync_OddButAllowedId_IsKept(string id) =>
        Assert.Equal(id, Unzip(await BytesAsync(await StageAsync(new SortedIdList(id)))));

    [Fact]
    public async Task RunAsync_NameTaken_AppendsTheRunId()
    {
        await StageAsync(new SortedIdList("a"));
        var second = await StageAsync(new SortedIdList("b"));
        Assert.Equal("stage/stage_20251022_120000_run-1.txt.gz", second.Object.Key);
        await Assert.ThrowsAsync<ObjectExistsException>(() => StageAsync(new SortedIdList("c")));
        Assert.Equal(2, (await _store.ListAsync("stage/", default).ToListAsync()).Count);
    }

    [Fact]
    public async Task RunAsync_NameTakenBetweenLookAndCreation_AppendsTheRunId()
    {
        var racing = new FaultObjectStore(_store, [new Fault(1, FaultKind.Action, StoreOperation.Create)
        {
            Action = async call => await _store.WriteAsync(
                call.Key, "other"u8.ToArray(), ObjectInfo.EmptyMetadata, new WriteOptions(), default),
        }]);
        var staged = await new StageStep(racing, new OutputSettings(), _clock).RunAsync(new SortedIdList("a"), Request);
        Assert.Equal("stage/stage_20251022_120000_run-1.txt.gz", staged.Object.Key);
    }

    [Fact]
    public async Task RunAsync_StoreFails_TellsItsErrorAndLeavesNothing()
    {
        var ids = Enumerable.Range(0, 400_000).Select(number => $"{number:x8}-{number * 7919:x8}").ToArray();
        foreach (var append in new[] { 1, 3, 5 })
        {
            var failing = new FaultObjectStore(_store, [new Fault(append, FaultKind.DiskFull, StoreOperation.Append)]);
            var error = await Assert.ThrowsAsync<TransientException>(
                () => new StageStep(failing, new OutputSettings(), _clock).RunAsync(new SortedIdList(ids), Request));
            Assert.Contains("disk full", error.Message, StringComparison.Ordinal);
            Assert.Equal(1, failing.Injected);
            Assert.Empty(await _store.ListAsync("", default).ToListAsync());
        }
    }

    [Fact]
    public async Task RunAsync_CancelledInTheMiddle_LeavesNothing()
    {
        using var stop = new CancellationTokenSource();
        var ids = Enumerable.Range(0, 400_000).Select(number => $"{number:x8}-{number * 7919:x8}").ToArray();
        var stopping = new FaultObjectStore(
            _store, [new Fault(2, FaultKind.Action, StoreOperation.Append) { Action = async _ => await stop.CancelAsync() }]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new StageStep(stopping, new OutputSettings(), _clock).RunAsync(new SortedIdList(ids), Request, stop.Token));
        Assert.Empty(await _store.ListAsync("", default).ToListAsync());
    }

    [Fact]
    public async Task RunAsync_SlowStore_HoldsTheCompressorBack()
    {
        // Each append waits until the compressor is an eighth of the pipe ahead; it must never get
        // further than a pipe and a few blocks.
        var ids = new EndlessIds();
        using var stop = new CancellationTokenSource();
        long stored = 0;
        long furthest = 0;
        var slow = new FaultObjectStore(
            _store, [.. Enumerable.Range(1, 200).Select(number => new Fault(number, FaultKind.Action, StoreOperation.Append)
        {
            Action = async call =>
            {
                await ids.PulledAsync(stored + GzipPipe.PauseBytes / 8);
                furthest = Math.Max(furthest, ids.Pulled - stored);
                stored += call.Length;
                if (number == 200)
                    await stop.CancelAsync();
            },
        })]);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new StageStep(slow, new OutputSettings { GzipLevel = 0 }, _clock).RunAsync(ids, Request, stop.Token));

        Assert.InRange(furthest, GzipPipe.PauseBytes / 8, GzipPipe.PauseBytes + (1 << 20));
    }

    [Fact]
    public async Task RunAsync_RemainsOfACrashedRun_AreCleanedAndCounted()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.At("stage"));
        Directory.CreateDirectory(folder.At("active"));
        File.WriteAllText(folder.At("stage", ".stage_20251021_120000.txt.gz.0123456789abcdef0123456789abcdef.idx-tmp"), "half");
        File.WriteAllText(folder.At("active", ".latest.txt.gz.idx-lock"), "");
        var local = new Core.Storage.Local.LocalObjectStore(folder.Path, rootMayBeMissing: true);

        var staged = await new StageStep(local, new OutputSettings(), _clock).RunAsync(new SortedIdList("a"), Request);

        Assert.Equal(new Remains(2, 0), staged.Remains);
        Assert.Equal(
            ["stage_20251022_120000.txt.gz", "stage_20251022_120000.txt.gz.metadata.json"],
            Directory.EnumerateFiles(folder.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
                .Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private static string RandomId(Random random, int length) => string.Create(length, random, (span, source) =>
    {
        foreach (ref var character in span)
            character = (char)source.Next('!', '~');
    });

    private static string Unzip(byte[] bytes)
    {
        using var text = new StreamReader(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress), Encoding.UTF8);
        return text.ReadToEnd();
    }

    private Task<StagedFile> StageAsync(ISortedIds ids, OutputSettings? settings = null) =>
        new StageStep(_store, settings ?? new OutputSettings(), _clock).RunAsync(ids, Request);

    private async Task<byte[]> BytesAsync(StagedFile staged) => (await _store.ReadAllAsync(staged.Object.Key, int.MaxValue, default))!;

    private sealed class EndlessIds : ISortedIds
    {
        private readonly byte[] _id = new byte[64];
        private readonly Lock _gate = new();
        private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _pulled;

        public long Pulled => Volatile.Read(ref _pulled);

        public bool TryNext(out ReadOnlySpan<byte> id)
        {
            Array.Fill(_id, (byte)'x');
            if (Interlocked.Add(ref _pulled, _id.Length) % (1 << 14) == 0)
            {
                lock (_gate)
                {
                    _moved.SetResult();
                    _moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }

            id = _id;
            return true;
        }

        public async Task PulledAsync(long bytes)
        {
            while (true)
            {
                Task moved;
                lock (_gate)
                    moved = _moved.Task;
                if (Pulled >= bytes)
                    return;
                await moved;
            }
        }

        public void Dispose()
        {
        }
    }
}
