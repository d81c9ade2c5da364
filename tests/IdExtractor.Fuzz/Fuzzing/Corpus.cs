namespace IdExtractor.Fuzz.Fuzzing;

/// <summary>
/// Files to begin with: sound ones to change, and damaged ones that once found a defect.
/// </summary>
public sealed class Corpus
{
    private Corpus(IReadOnlyList<CorpusFile> seeds, IReadOnlyList<CorpusFile> regressions)
    {
        Seeds = seeds;
        Regressions = regressions;
    }

    /// <summary>Sound files.</summary>
    public IReadOnlyList<CorpusFile> Seeds { get; }

    /// <summary>Files that a reader once broke on.</summary>
    public IReadOnlyList<CorpusFile> Regressions { get; }

    /// <summary>
    /// Reads a corpus: the folders <c>seeds</c> and <c>regressions</c>, or all files of a folder
    /// that has neither as seeds.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, or no seed in
    /// it.</exception>
    public static Corpus Load(string folder)
    {
        var seeds = Path.Combine(folder, "seeds");
        var corpus = new Corpus(Read(Directory.Exists(seeds) ? seeds : folder), Read(Path.Combine(folder, "regressions")));
        return corpus.Seeds.Count > 0 ? corpus : throw new DirectoryNotFoundException($"No .parquet files in {folder}");
    }

    /// <summary>The corpus that is built beside this program.</summary>
    public static Corpus BuiltIn() => Load(Path.Combine(AppContext.BaseDirectory, "Corpus"));

    private static List<CorpusFile> Read(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, "*.parquet").Order(StringComparer.Ordinal)
            .Select(path => new CorpusFile(Path.GetFileName(path), File.ReadAllBytes(path)))]
        : [];
}

/// <summary>One file of a corpus.</summary>
/// <param name="Name">Its file name.</param>
/// <param name="Bytes">Its content.</param>
public sealed record CorpusFile(string Name, byte[] Bytes);
