using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using IdExtractor.Core.Job;
using IdExtractor.Core.Stage;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Tests.Stage;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.Verify;

public sealed class VerifyStepTests
{
    private const string Key = "active/latest.txt.gz";

    private readonly MemoryObjectStore _store = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_StagedFile_Agrees(bool trailingNewline)
    {
        foreach (var count in new[] { 0, 1, 2, 1000, 300_000 })
        {
            var staged = await StageAsync(count, new OutputSettings { TrailingNewline = trailingNewline, StageKey = $"stage/{count}" });
            var verified = await new Core.Verify.VerifyStep(_store).RunAsync(staged);
            Assert.Equal(staged.TextBytes, verified.TextBytes);
            Assert.Equal(staged.Metadata, verified.Metadata);
            Assert.Equal(staged.Object.Stamp, verified.Object.Stamp);
            Assert.Equal(verified, await new Core.Verify.VerifyStep(_store).RunAsync(staged.Object.Key));
        }
    }

    [Theory]
    [InlineData("flip")]
    [InlineData("cut")]
    [InlineData("append")]
    public async Task RunAsync_DamagedFileWithAHashInItsMetadata_IsReportedAsAnotherHash(string damage)
    {
        var staged = await StageAsync(1000, new OutputSettings { StageKey = "stage/x" });
        var bytes = (await _store.ReadAllAsync("stage/x", 1 << 20, default))!;
        bytes[bytes.Length / 2] ^= (byte)(damage == "flip" ? 1 : 0);
        byte[] damaged = damage switch { "cut" => bytes[..^9], "append" => [.. bytes, 0], _ => bytes };
        await _store.WriteAsync("stage/x", damaged, staged.Metadata.ToMap(), new WriteOptions(), default);
        var error = await Assert.ThrowsAsync<VerificationException>(() => new Core.Verify.VerifyStep(_store).RunAsync("stage/x"));
        Assert.Contains("SHA-256", error.Message, StringComparison.Ordinal);
        Assert.Equal(staged.Metadata.GzSha256, error.Place.Expected);
    }

    [Theory]
    [InlineData("ID001\nID002")]
    [InlineData("ID001\nID002\n")]
    [InlineData("x")]
    [InlineData("")]
    public async Task RunAsync_FileOfTheSparkJob_Agrees(string text)
    {
        // Four metadata, a time in the header, a name of its own.
        var bytes = Member(text);
        bytes[4] = 77;
        await PutAsync(bytes, text);
        var verified = await VerifyAsync();
        Assert.Equal(Encoding.UTF8.GetByteCount(text), verified.TextBytes);
    }

    [Fact]
    public async Task RunAsync_OptionalHeaderFields_ArePassedOver()
    {
        var plain = Member("text");
        byte[] header = [0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 3, 0, 1, 2, 3, .. "name\0"u8, .. "comment\0"u8, 0xab, 0xcd];
        await PutAsync([.. header, .. plain[10..]], "text");
        Assert.Equal(4, (await VerifyAsync()).TextBytes);
    }

    [Fact]
    public async Task RunAsync_EveryCut_IsFound()
    {
        var whole = Member("ID001\nID002\nID003");
        for (var length = 0; length < whole.Length; length++)
            await ExpectBadAsync(whole[..length], "ID001\nID002\nID003");
    }

    [Fact]
    public async Task RunAsync_EveryFlippedBit_IsFoundOrChangesNothing()
    {
        const string text = "ID001\nID002\nID003";
        var whole = Member(text);
        var harmless = 0;
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var flipped = (byte[])whole.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            await PutAsync(flipped, text);
            try
            {
                await VerifyAsync();
                harmless++;
            }
            catch (VerificationException)
            {
                // Found.
            }
        }

        // FTEXT, the 32 bits of the time, the 8 of the extra flags and the 8 of the system mean
        // nothing for the text; neither do the bits after the end of the last block.
        Assert.InRange(harmless, 49, 49 + 7);
    }

    [Fact]
    public async Task RunAsync_EveryFlippedBitWithItsHash_IsFound()
    {
        const string text = "ID001\nID002\nID003";
        var whole = Member(text);
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var flipped = (byte[])whole.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            await PutAsync(flipped, text, map => map["gz_sha256"] = Convert.ToHexStringLower(SHA256.HashData(whole)));
            await Assert.ThrowsAsync<VerificationException>(() => VerifyAsync());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(100)]
    public async Task RunAsync_BytesBehindTheMember_AreFound(int extra) =>
        await ExpectBadAsync([.. Member("text"), .. new byte[extra]], "text");

    [Fact]
    public async Task RunAsync_SecondMember_IsFound()
    {
        // The same twice, so that the last trailer fits the first text; and an empty one, which
        // adds no text.
        await ExpectBadAsync([.. Member("text"), .. Member("text")], "text");
        await ExpectBadAsync([.. Member("text"), .. Member("")], "text");
        await ExpectBadAsync([.. Member(""), .. Member("text")], "text");
        await ExpectBadAsync([.. Member("a\n"), .. Member("b")], "a\nb");
    }

    [Theory]
    [InlineData("a\n\nb", "empty line")]
    [InlineData("\na", "empty line")]
    [InlineData("\n", "empty line")]
    [InlineData("a\n\n", "empty line")]
    [InlineData("a\r\nb", "carriage return")]
    public async Task RunAsync_TextThatIsNoListOfIds_IsFound(string text, string said)
    {
        await PutAsync(Member(text), text);
        Assert.Contains(said, (await Assert.ThrowsAsync<VerificationException>(() => VerifyAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_EmptyLineAcrossBlocks_IsFound()
    {
        // Decompressed blocks are 128 KiB. The two newlines fall before, across and after a
        // boundary.
        for (var at = (1 << 17) - 2; at <= 1 << 17; at++)
        {
            var text = new string('x', at) + "\n\n" + new string('y', 10);
            await PutAsync(Member(text), text, map => map["total_ids"] = "2");
            Assert.Contains(
                "empty line", (await Assert.ThrowsAsync<VerificationException>(() => VerifyAsync())).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("total_ids", "4", "number of lines")]
    [InlineData("md5_checksum", "00000000000000000000000000000000", "MD5")]
    [InlineData("gz_sha256", "0000000000000000000000000000000000000000000000000000000000000000", "SHA-256")]
    [InlineData("trailing_newline", "true", "end of the text")]
    public async Task RunAsync_MetadataThatDiffer_AreFoundWithBothValues(string name, string value, string said)
    {
        await PutAsync(Member("a\nb\nc"), "a\nb\nc", map => map[name] = value);
        var error = await Assert.ThrowsAsync<VerificationException>(() => VerifyAsync());
        Assert.Equal(ExitCode.VerificationFailed, error.ExitCode);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Equal(_store.Describe(Key), error.Place.Object);
        Assert.NotNull(error.Place.Expected);
        Assert.NotNull(error.Place.Actual);
        Assert.NotEqual(error.Place.Expected, error.Place.Actual);
    }

    [Fact]
    public async Task RunAsync_NewlineWhereNoneIsMeant_IsFound()
    {
        await PutAsync(Member("a\n"), "a\n", map => map["trailing_newline"] = "false");
        await Assert.ThrowsAsync<VerificationException>(() => VerifyAsync());
    }

    [Fact]
    public async Task RunAsync_NoFile_IsAConfigurationError() => await Assert.ThrowsAsync<ConfigurationException>(() => VerifyAsync());

    [Fact]
    public async Task RunAsync_NoMetadata_IsFound()
    {
        await _store.WriteAsync(Key, Member("text"), ObjectInfo.EmptyMetadata, new WriteOptions(), default);
        await Assert.ThrowsAsync<VerificationException>(() => VerifyAsync());
    }

    [Fact]
    public async Task RunAsync_StagedFileGoneOrChanged_IsFound()
    {
        var staged = await StageAsync(5, new OutputSettings());
        var bytes = await _store.ReadAllAsync(staged.Object.Key, 1000, default);
        await _store.WriteAsync(
            staged.Object.Key, bytes, new Dictionary<string, string>(staged.Metadata.ToMap()) { ["run_id"] = "other" }, new WriteOptions(),
            default);
        var error = await Assert.ThrowsAsync<VerificationException>(() => new Core.Verify.VerifyStep(_store).RunAsync(staged));
        Assert.Contains("run_id", error.Place.Actual, StringComparison.Ordinal);
        await _store.DeleteAsync(staged.Object.Key, default);
        await Assert.ThrowsAsync<VerificationException>(() => new Core.Verify.VerifyStep(_store).RunAsync(staged));
    }

    [Fact]
    public async Task RunAsync_ReplacedWhileRead_VerifiesTheNextVersion()
    {
        await PutAsync(Member("old"), "old");
        var replacing = new FaultObjectStore(
            _store,
            [new Fault(1, FaultKind.Action, StoreOperation.Open) { Action = async _ => await PutAsync(Member("new one"), "new one") }]);
        Assert.Equal(7, (await new Core.Verify.VerifyStep(replacing).RunAsync(Key)).TextBytes);
    }

    [Fact]
    public async Task RunAsync_SilentlyShortRead_IsFound()
    {
        var staged = await StageAsync(1000, new OutputSettings());
        var lying = new FaultObjectStore(_store, [new Fault(1, FaultKind.SilentCut, StoreOperation.Read)]);
        await Assert.ThrowsAsync<VerificationException>(() => new Core.Verify.VerifyStep(lying).RunAsync(staged));
    }

    [Fact]
    public async Task RunAsync_LargeFile_IsReadInBlocksOfAMebibyte()
    {
        // Random text hardly shrinks, so the file takes several blocks.
        var random = new Random(8);
        var ids = Enumerable.Range(0, 150_000).Select(_ => Convert.ToHexStringLower(BitConverter.GetBytes(random.NextInt64()))).ToArray();
        var recording = new RecordingObjectStore(_store, keepCalls: true);
        var staged = await new StageStep(_store, new OutputSettings(), TimeProvider.System).RunAsync(
            new SortedIdList(ids), new StageRequest { SourcePartition = "p", RunId = "r", ToolVersion = "v" });
        await new Core.Verify.VerifyStep(recording).RunAsync(staged);
        var reads = recording.Calls().Where(call => call.Operation == StoreOperation.Read).ToList();
        Assert.True(reads.Count > 1);
        Assert.All(reads, read => Assert.InRange(read.Length, 1, 1 << 20));
        Assert.Equal(staged.Object.Size, recording.BytesRead);
    }

    private static byte[] Member(string text)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(text));

        // .NET writes nothing for an empty text.
        return buffer.Length > 0 ? buffer.ToArray() : [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    }

    private static long Lines(string text) =>
        text.Length == 0 ? 0 : text.Count(character => character == '\n') + (text[^1] == '\n' ? 0 : 1);

    private async Task PutAsync(byte[] bytes, string text, Action<Dictionary<string, string>>? change = null)
    {
        var metadata = new Dictionary<string, string>
        {
            ["total_ids"] = $"{Lines(text)}",
            ["md5_checksum"] = Convert.ToHexStringLower(
                CryptographicOperations.HashData(HashAlgorithmName.MD5, Encoding.UTF8.GetBytes(text))),
            ["created_at"] = "20251022_120000",
            ["source_partition"] = "20251022",
        };
        change?.Invoke(metadata);
        await _store.WriteAsync(Key, bytes, metadata, new WriteOptions(), default);
    }

    private async Task ExpectBadAsync(byte[] bytes, string text)
    {
        await PutAsync(bytes, text);
        var error = await Assert.ThrowsAsync<VerificationException>(() => VerifyAsync());
        Assert.Equal(_store.Describe(Key), error.Place.Object);
    }

    private Task<VerifiedFile> VerifyAsync() => new Core.Verify.VerifyStep(_store).RunAsync(Key);

    private Task<StagedFile> StageAsync(int count, OutputSettings settings) => new StageStep(
        _store, settings, TimeProvider.System).RunAsync(
        new SortedIdList([.. Enumerable.Range(0, count).Select(number => Encoding.UTF8.GetBytes($"id-{number:0000000}"))]),
        new StageRequest { SourcePartition = "20251022", RunId = "run", ToolVersion = "1" });
}
