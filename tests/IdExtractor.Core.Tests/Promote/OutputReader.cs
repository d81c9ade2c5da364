using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Xunit;

namespace IdExtractor.Core.Tests.Promote;

/// <summary>
/// Reads a local output as docs/use/output-contract.md prescribes, without any code of the product.
/// A reader that follows that page must always get bytes and metadata of one version.
/// </summary>
internal static class OutputReader
{
    private const int Attempts = 10_000;

    /// <summary>Text and metadata of one version; null when there is no file.</summary>
    public static (string Text, Dictionary<string, string> Metadata)? Read(string path)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var data = BytesOf(path);
            if (data is null)
                return null;
            var hash = Convert.ToHexStringLower(SHA256.HashData(data));
            var side = BytesOf(path + ".metadata.json");
            Assert.NotNull(side);
            using var json = JsonDocument.Parse(side);
            var entries = new List<JsonElement> { json.RootElement };
            if (json.RootElement.TryGetProperty("alternate", out var alternate))
                entries.Add(alternate);
            foreach (var entry in entries.Where(entry => entry.GetProperty("sha256").GetString() == hash))
                return (
                    Unzip(data),
                    entry.GetProperty("metadata").EnumerateObject().ToDictionary(value => value.Name, value => value.Value.GetString()!));
        }

        throw new InvalidOperationException("No entry of the side file ever matched the data file");
    }

    /// <summary>
    /// Reads the active file below a root and fails unless it is wholly of one of these runs, named
    /// as partition and run id.
    /// </summary>
    /// <returns>The run that it is of; null when there is no file.</returns>
    public static (string Partition, string RunId)? ReadWhole(string root, params (string Partition, string RunId)[] allowed)
    {
        var found = Read(Path.Combine(root, "active", "latest.txt.gz"));
        if (found is not { } file)
            return null;
        var run = (file.Metadata["source_partition"], file.Metadata["run_id"]);
        Assert.Contains(run, allowed);
        AssertAgrees(file.Text, file.Metadata);
        return run;
    }

    /// <summary>Fails unless a text is wholly of the run that its metadata name.</summary>
    public static void AssertAgrees(string text, IReadOnlyDictionary<string, string> metadata)
    {
        Assert.Equal(PublishScene.Text(metadata["source_partition"], metadata["run_id"]), text);
        Assert.Equal(
            Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.MD5, Encoding.UTF8.GetBytes(text))),
            metadata["md5_checksum"]);
        Assert.Equal($"{text.Split('\n').Length}", metadata["total_ids"]);
    }

    public static string Unzip(byte[] bytes)
    {
        using var text = new StreamReader(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress), Encoding.UTF8);
        return text.ReadToEnd();
    }

    private static byte[]? BytesOf(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            file.CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
