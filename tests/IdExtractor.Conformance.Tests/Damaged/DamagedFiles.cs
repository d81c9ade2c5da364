using IdExtractor.Fuzz.Probing;
using IdExtractor.Testing.Programs;

namespace IdExtractor.Conformance.Tests.Damaged;

/// <summary>
/// Every damaged file, read once for all tests, by as many processes as there are processors.
/// </summary>
public sealed class DamagedFiles : IAsyncLifetime
{
    private readonly Dictionary<string, ProbeReport> _reports = new(StringComparer.Ordinal);

    internal ProbeReport Report(string file) => _reports[file];

    public async Task InitializeAsync()
    {
        if (!TestInput.Conformance.IsPresent)
            return;
        var files = DamagedFilesTests.Entries.Select(entry => entry.File).ToList();
        var workers = Math.Min(Environment.ProcessorCount, 8);
        var shares = await Task.WhenAll(
            Enumerable.Range(0, workers).Select(worker => ReadAsync(files.Where((_, i) => i % workers == worker))));
        foreach (var (file, report) in shares.SelectMany(share => share))
            _reports.Add(file, report);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private static async Task<List<(string File, ProbeReport Report)>> ReadAsync(IEnumerable<string> files)
    {
        using var process = new ProbeProcess();
        var reports = new List<(string, ProbeReport)>();
        foreach (var file in files)
            reports.Add((file, await process.ReadAsync(TestInput.Conformance.Path(file))));
        return reports;
    }
}
