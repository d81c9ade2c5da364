using System.Diagnostics;
using System.Text;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Errors;
using IdExtractor.Testing;
using IdExtractor.Testing.Stores;
using Xunit;

namespace IdExtractor.Core.Tests.Storage.Local;

/// <summary>Names, links and times that file systems preserve and .NET does not.</summary>
public sealed class NamesAndTimesTests : IDisposable
{
    /// <summary>A file system that keeps any time.</summary>
    private const string Memory = "/dev/shm";

    private readonly TempFolder _disk = new();

    /// <summary>.NET cannot remove what it cannot name.</summary>
    public void Dispose()
    {
        if (!OperatingSystem.IsWindows())
            Shell("rm -rf -- *");
        _disk.Dispose();
    }

    [UnixFact]
    public async Task ListAsync_NameThatIsNotUtf8_IsRefusedByName()
    {
        Shell(@"touch ""$(printf 'relat\355rio.parquet')"" && touch part-0.parquet");

        var error = await Assert.ThrowsAsync<ConfigurationException>(async () => await KeysAsync());

        Assert.Contains("relat", error.Place.Object, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task ListAsync_FolderThatIsNotUtf8_IsRefusedByName()
    {
        Shell(@"mkdir ""$(printf 'regi\343o')"" && touch ""$(printf 'regi\343o')/part-0.parquet""");

        Assert.Contains(
            "regi", (await Assert.ThrowsAsync<ConfigurationException>(async () => await KeysAsync())).Place.Object,
            StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task ListAsync_NamesThatReadAlike_AreRefused()
    {
        Shell(@"touch ""$(printf 'a\355')"" ""$(printf 'a\357\277\275')""");

        await Assert.ThrowsAsync<ConfigurationException>(async () => await KeysAsync());
    }

    [UnixFact]
    public async Task ListAsync_HiddenOrTrulyOfThatCharacter_IsNoMatter()
    {
        Shell(@"touch ""$(printf '_relat\355rio')"" ""$(printf 'a\357\277\275')""");

        Assert.Contains("a\uFFFD", await KeysAsync());
    }

    [Fact]
    public void Constructor_PathThatIsNotUtf8_IsRefused() =>
        Assert.Throws<ConfigurationException>(() => new LocalObjectStore(_disk.At("sa\uFFFDda")));

    [UnixFact]
    public async Task ListAsync_LinksInACircle_AreAConfigurationErrorThatNamesOne()
    {
        File.CreateSymbolicLink(_disk.At("part-9"), "part-9");

        var error = await Assert.ThrowsAsync<ConfigurationException>(async () => await KeysAsync());

        Assert.EndsWith("part-9", error.Place.Object, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task HeadAsync_LinksInACircle_AreAConfigurationErrorThatNamesOne()
    {
        File.CreateSymbolicLink(_disk.At("a.csv"), "b.csv");
        File.CreateSymbolicLink(_disk.At("b.csv"), "a.csv");

        var error = await Assert.ThrowsAsync<ConfigurationException>(async () => await Store().HeadAsync("a.csv", default));

        Assert.EndsWith("a.csv", error.Place.Object, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(241)]
    [InlineData(242)]
    [InlineData(255)]
    public async Task HeadAsync_LongestNames_AreReadLikeOthers(int length)
    {
        var name = new string('p', length);
        File.WriteAllText(_disk.At(name), "x");
        var store = Store();

        var listed = Assert.Single(await store.ListAsync("", default).ToListAsync());

        Assert.Equal(listed.Stamp, (await store.HeadAsync(name, default))?.Stamp);
        await store.EnsureUnchangedAsync(listed, default);
    }

    [UnixFact]
    public async Task Stamp_TimesOutsideTheCalendar_AreToldApart()
    {
        if (!Directory.Exists(Memory))
            return;
        var folder = Path.Combine(Memory, "idextractor-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        try
        {
            File.WriteAllText(Path.Combine(folder, "part"), "x");
            var store = new LocalObjectStore(folder);
            var stamps = new List<ObjectStamp>();
            foreach (var seconds in (string[])["253402387200", "253402387201", "-62135683200", "1700000000"])
            {
                Shell($"touch -d @{seconds} part", folder);
                var listed = Assert.Single(await store.ListAsync("", default).ToListAsync());
                Assert.Equal(listed.Stamp, (await store.HeadAsync("part", default))?.Stamp);
                await using var reader = await store.OpenAsync(listed, default);
                Assert.Equal(1, reader.Length);
                stamps.Add(listed.Stamp);
            }

            Assert.Equal(4, stamps.Distinct().Count());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [UnixFact]
    public async Task Write_OverAFileFromBeyondTheCalendar_ReplacesIt()
    {
        if (!Directory.Exists(Memory))
            return;
        var folder = Path.Combine(Memory, "idextractor-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        try
        {
            File.WriteAllText(Path.Combine(folder, "active"), "x");
            Shell("touch -d @253402387200 active", folder);
            var store = new LocalObjectStore(folder, rootMayBeMissing: true);
            var before = await store.HeadAsync("active", default);
            var stage = await store.WriteAsync("stage", "new"u8.ToArray(), ObjectInfo.EmptyMetadata, new WriteOptions(), default);

            var after = await store.CopyAsync(
                "stage", stage.Stamp, "active", new CopyOptions
                {
                    Metadata = new Dictionary<string, string> { ["a"] = "b" },
                    ExpectedDestination = new Destination(before!.Stamp)
                }, default);

            Assert.NotEqual(before.Stamp, after.Stamp);
            Assert.Equal("new", File.ReadAllText(Path.Combine(folder, "active")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private LocalObjectStore Store() => new(_disk.Path);

    private async Task<List<string>> KeysAsync() => [.. (await Store().ListAsync("", default).ToListAsync()).Select(item => item.Key)];

    /// <summary>
    /// Names whose bytes are not UTF-8, and such times, can only be made outside of .NET.
    /// </summary>
    private void Shell(string script, string? folder = null)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            WorkingDirectory = folder ?? _disk.Path,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8
        };
        start.ArgumentList.Add("-ec");
        start.ArgumentList.Add(script);
        using var shell = Process.Start(start)!;
        var errors = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        Assert.True(shell.ExitCode == 0, errors);
    }
}
