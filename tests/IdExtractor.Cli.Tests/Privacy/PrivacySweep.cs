using System.IO.Compression;
using System.Text;
using IdExtractor.Cli.Tests.Hosting;

namespace IdExtractor.Cli.Tests.Privacy;

/// <summary>
/// Looks for marked documents and IDs in everything that a run leaves behind: stdout, stderr, the
/// report, the metrics, every file below a folder and its name. Only the content of payload files,
/// which are the product, may hold IDs; documents may be nowhere.
/// </summary>
internal sealed class PrivacySweep
{
    /// <summary>Shorter numbers would match sizes and times by chance.</summary>
    private const int ShortestNumber = 8;

    private const int CpfDigits = 11;

    private readonly HashSet<string> _documents, _ids;

    /// <param name="documents">CPFs or documents as the data holds them, digits only.</param>
    /// <param name="ids">IDs as the data holds them; each long enough to be found only when it has
    /// leaked.</param>
    public PrivacySweep(IEnumerable<string> documents, IEnumerable<string> ids)
    {
        _documents = [.. documents.SelectMany(Spellings)];
        _ids = [.. ids];
        Assert.All(_ids, id => Assert.True(id.Length >= ShortestNumber, "a mark is too short to be told from chance"));
    }

    /// <summary>A payload file: the text of the IDs, gzipped, below stage or active.</summary>
    public static bool IsPayload(string path) => path.EndsWith(".txt.gz", StringComparison.Ordinal);

    /// <summary>
    /// Runs a command line four times at the highest verbosity (text in both languages and JSON
    /// logs, the latter with metrics; each with and without both reports), and fails when anything
    /// leaks.
    /// </summary>
    /// <param name="run">Runs the words.</param>
    /// <param name="words">The command line without options of logs, reports and metrics.</param>
    /// <param name="exitCode">What every run must end with.</param>
    /// <param name="folder">Everything below it is looked at, except <paramref name="inputs"/>. It
    /// must exist.</param>
    /// <param name="inputs">Folders that hold the data.</param>
    public void AssertClean(Func<string[], CommandOutcome> run, string[] words, int exitCode, string folder, params string[] inputs) =>
        AssertClean(run, words, exitCode, writesReports: true, folder, inputs);

    /// <summary>
    /// The same. <paramref name="writesReports"/> is false for a crash outside of the program's own
    /// error handling, which ends without reports.
    /// </summary>
    /// <param name="run">As above.</param>
    /// <param name="words">As above.</param>
    /// <param name="exitCode">As above.</param>
    /// <param name="writesReports">Whether reports must be there.</param>
    /// <param name="folder">As above.</param>
    /// <param name="inputs">As above.</param>
    public void AssertClean(
        Func<string[], CommandOutcome> run, string[] words, int exitCode, bool writesReports, string folder, params string[] inputs)
    {
        var (report, page) = (Path.Combine(folder, "privacy-report.json"), Path.Combine(folder, "privacy-report.html"));
        string[][] ways =
        [
            ["--log", "text"],
            ["--log", "text", "--lang", "pt-BR", "--report", report, "--report-html", page],
            ["--log", "json", "--metrics", "emf"],
            ["--log", "json", "--metrics", "emf", "--report", report, "--report-html", page, "--lang", "pt-BR"],
        ];
        foreach (var way in ways)
        {
            var outcome = run([.. words, "--log-level", "debug", .. way]);
            Assert.True(exitCode == outcome.ExitCode, $"exit code {outcome.ExitCode} with {string.Join(' ', way)}: {outcome.Error}");
            Assert.Equal(writesReports && way.Contains(page), File.Exists(page));
            var leaks = Leaks(outcome, folder, inputs);
            File.Delete(page);
            Assert.True(leaks.Count == 0, $"with {string.Join(' ', way)}: {string.Join("; ", leaks)}");
        }
    }

    /// <summary>Where marks were found, a phrase each that does not repeat the mark.</summary>
    public List<string> Leaks(CommandOutcome outcome, string folder, params string[] inputs)
    {
        List<string> leaks = [];
        Look("stdout", outcome.Output, leaks);
        Look("stderr", outcome.Error, leaks);
        foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories))
        {
            if (inputs.Any(input => path.StartsWith(input, StringComparison.Ordinal)))
                continue;
            Look("a file's name", Path.GetRelativePath(folder, path), leaks);
            if (File.Exists(path))
                Look(Path.GetFileName(path), Content(path), leaks, maySayIds: IsPayload(path));
        }

        return leaks;
    }

    private static IEnumerable<string> Spellings(string document)
    {
        var significant = document.TrimStart('0');
        var cpf = significant.PadLeft(CpfDigits, '0');
        yield return document;
        yield return cpf;
        yield return "000" + cpf;
        yield return $"{cpf[..3]}.{cpf[3..6]}.{cpf[6..9]}-{cpf[9..]}";
        if (significant.Length >= ShortestNumber)
            yield return significant;
    }

    private static string Content(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (bytes is not [0x1f, 0x8b, ..])
            return Encoding.Latin1.GetString(bytes);
        using var unpacked = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress))
            gzip.CopyTo(unpacked);
        return Encoding.Latin1.GetString(unpacked.ToArray());
    }

    private void Look(string where, string text, List<string> leaks, bool maySayIds = false)
    {
        if (_documents.Any(mark => text.Contains(mark, StringComparison.Ordinal)))
            leaks.Add($"{where} holds a document");
        if (!maySayIds && _ids.Any(mark => text.Contains(mark, StringComparison.Ordinal)))
            leaks.Add($"{where} holds an ID");
    }
}
