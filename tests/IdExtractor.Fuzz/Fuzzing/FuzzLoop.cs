using System.Diagnostics;
using IdExtractor.Foundation.Errors;
using IdExtractor.Fuzz.Probing;
using IdExtractor.Fuzz.Reading;

namespace IdExtractor.Fuzz.Fuzzing;

/// <summary>
/// Tries changed files, one after the other, until time is up or a defect shows: an error that is
/// not one of the product's own, two ways of reading that differ, other values than before a change
/// that changes no values, more memory than the bound.
/// </summary>
public sealed class FuzzLoop : IDisposable
{
    /// <summary>
    /// Resident memory that trying files may add; far more than files of this size need.
    /// </summary>
    private const long MostMemory = 256L << 20;

    private readonly Corpus _corpus;
    private readonly FileCheck _check = new();
    private readonly PlainReading _plain = new();
    private readonly Dictionary<string, string> _values = [];
    private readonly MemoryPeak _memory;

    /// <summary>Checks the corpus itself: seeds have to be sound.</summary>
    /// <exception cref="FuzzDefectException">A seed or a regression is not read as it should
    /// be.</exception>
    public FuzzLoop(Corpus corpus)
    {
        _corpus = corpus;
        foreach (var file in corpus.Seeds)
        {
            Try(file.Name, file.Bytes, seed: 1, hintsMayLie: false);
            _values.Add(file.Name, ValuesOf(file.Name, file.Bytes));
        }

        foreach (var file in corpus.Regressions)
            Try(file.Name, file.Bytes, seed: 1, hintsMayLie: true);
        _memory = MemoryPeak.Start();
    }

    /// <summary>Inputs tried.</summary>
    public long Rounds { get; private set; }

    /// <summary>Of these, files that were read without any refusal.</summary>
    public long Read { get; private set; }

    /// <summary>Runs for some time.</summary>
    /// <param name="duration">How long.</param>
    /// <param name="seed">Of the first input; the next has the next.</param>
    /// <param name="begin">Called with each input before it is tried.</param>
    /// <param name="end">Called after it.</param>
    /// <exception cref="FuzzDefectException">A defect showed.</exception>
    public void Run(TimeSpan duration, int seed, Action<byte[]>? begin = null, Action? end = null)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < duration; seed++)
        {
            var input = FuzzInput.Create(_corpus, seed);
            begin?.Invoke(input.Bytes);
            Read += Try($"seed-{seed}", input.Bytes, seed, hintsMayLie: input.SameAs is null) ? 1 : 0;
            if (input.SameAs is { } origin && ValuesOf(origin.Name, input.Bytes) != _values[origin.Name])
                throw new FuzzDefectException(
                    $"seed-{seed}", input.Bytes, $"the values of {origin.Name} changed with a change that changes none", null);
            if (_memory.Growth > MostMemory)
                throw new FuzzDefectException($"seed-{seed}", input.Bytes, $"memory grew by {_memory.Growth >> 20} MiB", null);
            end?.Invoke();
            Rounds++;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _check.Dispose();
        _plain.Dispose();
    }

    /// <summary>True when nothing of the file was refused.</summary>
    private bool Try(string name, byte[] bytes, int seed, bool hintsMayLie)
    {
        try
        {
            var report = _check.Check(name, bytes, seed, hintsMayLie);
            return report.Refusal is null
                && report.Columns.All(column => column.Refusal is null || !ParquetImage.IsReadable(column.Column));
        }
        catch (Exception e)
        {
            throw new FuzzDefectException(name, bytes, e.Message, e);
        }
    }

    /// <summary>A fingerprint of all that a file holds, refusals included.</summary>
    private string ValuesOf(string name, byte[] bytes)
    {
        var image = ParquetImage.Open(name, bytes);
        return string.Join(' ', image.ReadableColumns.Select(column =>
        {
            using var text = new ReferenceText(column);
            try
            {
                _plain.Read(image, column, text.Add);
                return text.Finish();
            }
            catch (IdExtractorException e)
            {
                return $"({e.ToLine()})";
            }
        }));
    }
}

/// <summary>A defect of the reader, with the file that shows it.</summary>
public sealed class FuzzDefectException(
    string name, byte[] input, string problem, Exception? inner) : Exception($"{name}: {problem}", inner)
{
    /// <summary>The input's name: the seed that made it, or its name in the corpus.</summary>
    public string Name { get; } = name;

    /// <summary>The file.</summary>
    public byte[] Input { get; } = input;
}
