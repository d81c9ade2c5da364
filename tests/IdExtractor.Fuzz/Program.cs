using System.Globalization;
using IdExtractor.Fuzz.Fuzzing;
using IdExtractor.Fuzz.Guarding;
using IdExtractor.Fuzz.Probing;
using IdExtractor.Fuzz.Reading;

const string Usage = """
    usage: IdExtractor.Fuzz [--seconds N] [--seed S] [--corpus DIR] [--failures DIR]   try changed files until time is up or a defect shows
           IdExtractor.Fuzz check FILE...                                              read the given files both ways
           IdExtractor.Fuzz probe                                                      read the files named on standard input, report as JSON lines
    """;

GuardedAllocator.Install();
if (args is ["probe"])
{
    using var probe = new ProbeLoop();
    probe.Run(Console.In, Console.Out);
    return 0;
}

if (args is ["check", ..])
    return Check(args[1..]);

var (seconds, seed, corpusFolder, failures) = (
    60, Environment.TickCount, (string?)null, Path.Combine(Path.GetTempPath(), "idextractor-fuzz"));
for (var i = 0; i < args.Length; i += 2)
{
    var value = i + 1 < args.Length ? args[i + 1] : "";
    var isKnown = args[i] switch
    {
        "--seconds" => int.TryParse(value, CultureInfo.InvariantCulture, out seconds),
        "--seed" => int.TryParse(value, CultureInfo.InvariantCulture, out seed),
        "--corpus" => Directory.Exists(corpusFolder = value),
        "--failures" => (failures = value).Length > 0,
        _ => false,
    };
    if (!isKnown)
    {
        Console.Error.WriteLine($"{args[i]} {value}: not understood\n{Usage}");
        return 2;
    }
}

return Fuzz(corpusFolder is null ? Corpus.BuiltIn() : Corpus.Load(corpusFolder), TimeSpan.FromSeconds(seconds), seed, failures);

static int Check(string[] files)
{
    using var check = new FileCheck();
    foreach (var file in files)
    {
        var report = check.Check(Path.GetFileName(file), File.ReadAllBytes(file), seed: 1, hintsMayLie: true);
        Console.WriteLine($"{file}: {report.Refusal?.ToLine() ?? "ok"}");
        foreach (var column in report.Columns.Where(column => column.Refusal is not null))
            Console.WriteLine($"  {column.Refusal!.ToLine()}");
    }

    return 0;
}

static int Fuzz(Corpus corpus, TimeSpan duration, int seed, string failures)
{
    Console.WriteLine($"seed {seed}, {corpus.Seeds.Count} seeds, {corpus.Regressions.Count} regressions, {duration.TotalSeconds} s");
    using var watchdog = new Watchdog(failures, TimeSpan.FromSeconds(60), path =>
    {
        Console.Error.WriteLine($"an input takes too long; after a length of four bytes it stands in {path}");
        Environment.Exit(3);
    });
    try
    {
        using var loop = new FuzzLoop(corpus);
        loop.Run(duration, seed, watchdog.Begin, watchdog.End);
        Console.WriteLine($"{loop.Rounds} inputs, {loop.Read} of them read without refusal, no defect");
        return 0;
    }
    catch (FuzzDefectException e)
    {
        var path = Path.Combine(failures, $"{Path.GetFileNameWithoutExtension(e.Name)}.parquet");
        File.WriteAllBytes(path, e.Input);
        Console.Error.WriteLine($"{e}\nkept in {path}");
        return 1;
    }
}
