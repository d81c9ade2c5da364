using System.Globalization;
using IdExtractor.Fuzz.Hints;
using IdExtractor.Fuzz.Reading;
using Xunit.Abstractions;

namespace IdExtractor.Conformance.Tests.Fuzzing;

/// <summary>
/// Random files whose hints were dropped, emptied, exchanged, widened or shifted, with and without
/// hints. <c>IDEXTRACTOR_HINT_FILES</c> tries more of them, <c>IDEXTRACTOR_FUZZ_SEED</c> others.
/// </summary>
public sealed class HintFuzzTests(ITestOutputHelper output)
{
    private static readonly int Files = Setting("IDEXTRACTOR_HINT_FILES") ?? 1500;
    private static readonly int Seed = Setting("IDEXTRACTOR_FUZZ_SEED") ?? 1;

    [Fact]
    public void Scan_ChangedHints_GivesTheSameIdsAsWithoutHints()
    {
        var (pages, rowGroups) = (0L, 0L);
        var defects = new List<string>();
        for (var seed = Seed; seed < Seed + Files; seed++)
        {
            try
            {
                var saved = HintFuzz.Try(seed);
                pages += saved.Pages;
                rowGroups += saved.RowGroups;
            }
            catch (DisagreementException e)
            {
                defects.Add(e.Message);
            }
        }

        output.WriteLine($"seeds {Seed} to {Seed + Files - 1}: {pages} pages and {rowGroups} row groups skipped");
        Assert.True(defects.Count == 0, $"{defects.Count} defects: {string.Join("; ", defects.Take(10))}");
        Assert.True(
            pages > Files && rowGroups > Files / 10,
            $"hints were hardly used: {pages} pages and {rowGroups} row groups skipped of {Files} files");
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;
}
