using System.IO.Compression;
using System.Text;
using IdExtractor.Core.Job;
using IdExtractor.Core.Stage;
using IdExtractor.Core.Storage;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.Stage;

public class GzipPipeTests
{
    [Theory]
    [InlineData(GzipBlock.TextBytes - 1)]
    [InlineData(GzipBlock.TextBytes)]
    [InlineData(GzipBlock.TextBytes + 1)]
    [InlineData((2 * GzipBlock.TextBytes) - 1)]
    [InlineData(2 * GzipBlock.TextBytes)]
    [InlineData((9 * GzipBlock.TextBytes) + 17)]
    public async Task RunAsync_TextOfSomeBlocks_IsOneMemberWithTheSameBytesForAnyNumberOfThreads(int textBytes)
    {
        var ids = IdsOf(textBytes);
        var alone = await CompressAsync(ids, level: 6, threads: 1);
        Assert.Equal(string.Join('\n', ids), Unzip(alone));
        Assert.Equal(1, MembersOf(alone));
        foreach (var threads in new[] { 2, 3, 64 })
        {
            var together = await CompressAsync(ids, level: 6, threads);
            Assert.True(alone.AsSpan().SequenceEqual(together), $"{threads} threads");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    public async Task RunAsync_AnyLevel_HasTheTextAndItsTrailer(int level)
    {
        var ids = IdsOf(3 * GzipBlock.TextBytes);
        var bytes = await CompressAsync(ids, level, threads: 2);
        Assert.Equal(string.Join('\n', ids), Unzip(bytes));
        Assert.Equal((uint)(3 * GzipBlock.TextBytes), BitConverter.ToUInt32(bytes.AsSpan(^4..)));
    }

    /// <summary>
    /// Here, lines share nothing with the line before them, and half of their bytes with some
    /// earlier line.
    /// </summary>
    [Theory]
    [InlineData(6)]
    [InlineData(9)]
    public async Task RunAsync_TextThatRepeatsFarBack_IsNoLargerThanBySearch(int level)
    {
        string[] words =
            [.. Enumerable.Range(0, 50).Select(seed => new string(new Random(seed).GetItems("abcdefghijklmnopqrstuvwxyz".AsSpan(), 30)))];
        var random = new Random(1);
        string[] ids =
            [.. Enumerable.Range(0, 3000).Select(number => $"{random.Next(1000):D3}{words[random.Next(words.Length)]}{number}")
                .Order(StringComparer.Ordinal)];
        using var searched = new MemoryStream();
        using (var gzip = new GZipStream(searched, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true))
            gzip.Write(Encoding.ASCII.GetBytes(string.Join('\n', ids)));

        var bytes = await CompressAsync(ids, level, threads: 1);

        Assert.Equal(string.Join('\n', ids), Unzip(bytes));
        Assert.InRange(bytes.Length, 1, searched.Length);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(9)]
    public async Task RunAsync_SortedNumbers_AreSmallerThanBySearch(int level)
    {
        var ids = IdsOf(GzipBlock.TextBytes);
        using var searched = new MemoryStream();
        using (var gzip = new GZipStream(searched, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true))
            gzip.Write(Encoding.ASCII.GetBytes(string.Join('\n', ids)));

        Assert.InRange((await CompressAsync(ids, level, threads: 1)).Length, 1, searched.Length);
    }

    /// <summary>Distinct ids in order whose text has exactly so many bytes.</summary>
    private static string[] IdsOf(int textBytes)
    {
        const int Each = 12;
        var ids = Enumerable.Range(0, textBytes / Each).Select(number => $"{number * 7:D11}").ToList();
        var left = textBytes - (ids.Count * Each);
        ids[^1] += new string('9', left + 1);
        return [.. ids];
    }

    private static async Task<byte[]> CompressAsync(string[] ids, int level, int threads)
    {
        var store = new MemoryObjectStore();
        var step = new StageStep(store, new OutputSettings { GzipLevel = level }, TimeProvider.System, threads);
        var staged = await step.RunAsync(
            new SortedIdList(ids), new StageRequest { SourcePartition = "p=1", RunId = "run", ToolVersion = "0" });
        return (await store.ReadAllAsync(staged.Object.Key, int.MaxValue, default))!;
    }

    private static string Unzip(byte[] bytes)
    {
        using var text = new StreamReader(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress), Encoding.ASCII);
        return text.ReadToEnd();
    }

    /// <summary>
    /// Only the first member may have a header. Readers that stop after one member would miss the
    /// contents of a second.
    /// </summary>
    private static int MembersOf(byte[] bytes)
    {
        using var body = new MemoryStream(bytes, 10, bytes.Length - 18);
        using var deflate = new DeflateStream(body, CompressionMode.Decompress);
        using var text = new MemoryStream();
        deflate.CopyTo(text);
        return text.Length == BitConverter.ToUInt32(bytes.AsSpan(^4..)) ? 1 : 2;
    }
}
