using System.IO.Compression;
using IdExtractor.Cli.Tests.Hosting;

namespace IdExtractor.Cli.Tests.Privacy;

/// <summary>
/// Every document of the sample tables, and every ID that is too long to occur by chance. The
/// program itself lists them, as the "IDs" of jobs that publish another column.
/// </summary>
public sealed class SampleMarks
{
    private const int ShortestId = 9;

    public SampleMarks()
    {
        string a = Path.Combine(Repository.Samples, "a"), b = Path.Combine(Repository.Samples, "b"), latest = Path.Combine(
            b, "ano_mes_dia=20251022");
        Documents = [.. List(a, a, "documento", "--key-width", "11"), .. List(latest, b, "documento")];
        Ids = [.. List(latest, b, "id", "--on-null-id", "drop").Where(id => id.Length >= ShortestId)];
        Assert.True(Documents.Count > 2000 && Ids.Count > 500, "the samples hold fewer marks than they should");
    }

    /// <summary>CPFs of A, documents of B.</summary>
    public IReadOnlyList<string> Documents { get; }

    /// <summary>IDs of B.</summary>
    public IReadOnlyList<string> Ids { get; }

    private static string[] List(string tableA, string tableB, string column, params string[] more)
    {
        using var scratch = new Scratch();
        var outcome = CommandProcess.Run(
            ["extract", "--table-a", tableA, "--table-b", tableB, "--output", scratch.Root, "--id-column", column, .. more]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        using var reader = new StreamReader(
            new GZipStream(File.OpenRead(scratch.PathOf("active/latest.txt.gz")), CompressionMode.Decompress));
        return reader.ReadToEnd().Split('\n');
    }
}
