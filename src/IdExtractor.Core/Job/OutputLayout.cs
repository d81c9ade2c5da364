using System.Buffers;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Job;

/// <summary>
/// Names of stage and active files below an output root (specification, section 2).
/// </summary>
public sealed class OutputLayout
{
    /// <summary>The placeholder of the time in a stage key.</summary>
    public const string TimePlaceholder = "YYYYMMDD_HHMMSS";

    private const string DefaultStageKey = $"stage/stage_{TimePlaceholder}.txt.gz";

    private static readonly SearchValues<char> s_runIds = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private readonly string _stageKey;

    /// <summary>Checks the keys in the settings.</summary>
    /// <exception cref="UsageException">A key cannot be used, or both are the same.</exception>
    public OutputLayout(OutputSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _stageKey = Checked("--stage-key", settings.StageKey ?? DefaultStageKey);
        ActiveKey = Checked("--active-key", settings.ActiveKey);
        if (string.Equals(_stageKey, ActiveKey, StringComparison.OrdinalIgnoreCase))
            throw new UsageException("--stage-key and --active-key name the same file", "give them different names");
    }

    /// <summary>Key of the file that readers see.</summary>
    public string ActiveKey { get; }

    /// <summary>Folders that hold stage and active files, as prefixes, each once.</summary>
    public IReadOnlyList<string> Folders => [.. new[] { FolderOf(_stageKey), FolderOf(ActiveKey) }.Distinct(StringComparer.Ordinal)];

    /// <summary>
    /// The prefix that the keys of all stage files begin with: empty, or ending with <c>/</c>.
    /// </summary>
    public string StagePrefix => FolderOf(_stageKey.Split(TimePlaceholder)[0]);

    /// <summary>Levels of folders between that prefix and the stage files.</summary>
    public int StageDepth => _stageKey[StagePrefix.Length..].Count(letter => letter == '/');

    /// <summary>The usual key of a stage file.</summary>
    /// <param name="time">When it is staged; written in UTC.</param>
    public string StageKey(DateTimeOffset time) =>
        _stageKey.Replace(TimePlaceholder, PublishMetadata.FormatTime(time), StringComparison.Ordinal);

    /// <summary>The key when the usual one is taken: the run's id before the extensions.</summary>
    /// <exception cref="ArgumentException">The run's id holds other characters than ASCII letters,
    /// digits, <c>-</c> and <c>_</c>.</exception>
    public string StageKey(DateTimeOffset time, string runId)
    {
        ArgumentException.ThrowIfNullOrEmpty(runId);
        if (runId.AsSpan().ContainsAnyExcept(s_runIds))
            throw new ArgumentException("A run id may hold ASCII letters, digits, - and _ only", nameof(runId));
        var key = StageKey(time);
        var stem = StemOf(key);
        return $"{key[..stem]}_{runId}{key[stem..]}";
    }

    /// <summary>
    /// Whether a key is one that runs with these settings write: that of the active file, or of a
    /// stage file of any time and run.
    /// </summary>
    public bool IsOurs(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key == ActiveKey || IsStage(key);
    }

    /// <summary>
    /// Whether a key is that of a stage file of any time and run that these settings write.
    /// </summary>
    public bool IsStage(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key == ActiveKey)
            return false;
        var stem = StemOf(_stageKey);
        var run = key.Length - _stageKey.Length;
        return run >= 0
            && IsOfTime(_stageKey.AsSpan(0, stem), key.AsSpan(0, stem))
            && IsOfTime(_stageKey.AsSpan(stem), key.AsSpan(stem + run))
            && IsOfRun(key.AsSpan(stem, run));
    }

    /// <summary>Where the extensions begin. A leading dot is part of the name.</summary>
    private static int StemOf(string key)
    {
        var dot = key.IndexOf('.', Math.Min(FolderOf(key).Length + 1, key.Length));
        return dot < 0 ? key.Length : dot;
    }

    private static bool IsOfRun(ReadOnlySpan<char> text) =>
        text.IsEmpty || (text.Length > 1 && text[0] == '_' && !text.ContainsAnyExcept(s_runIds));

    // The text is the template with some time in each placeholder.
    private static bool IsOfTime(ReadOnlySpan<char> template, ReadOnlySpan<char> text)
    {
        for (var at = 0; at < template.Length;)
        {
            if (!template[at..].StartsWith(TimePlaceholder, StringComparison.Ordinal))
            {
                if (template[at] != text[at])
                    return false;
                at++;
                continue;
            }

            foreach (var letter in TimePlaceholder)
            {
                if (letter == '_' ? text[at] != '_' : !char.IsAsciiDigit(text[at]))
                    return false;
                at++;
            }
        }

        return true;
    }

    private static string FolderOf(string key) => key[..(key.LastIndexOf('/') + 1)];

    private static string Checked(string option, string key) =>
        ObjectKey.Problem(key) is { } problem
            ? throw new UsageException($"{option} cannot be used: {problem}", "give a relative key such as folder/name.txt.gz")
            : key;
}
