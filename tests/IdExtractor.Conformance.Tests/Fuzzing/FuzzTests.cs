using System.Globalization;
using IdExtractor.Fuzz.Fuzzing;
using IdExtractor.Fuzz.Mutation;
using IdExtractor.Testing.Programs;
using Xunit.Abstractions;

namespace IdExtractor.Conformance.Tests.Fuzzing;

/// <summary>
/// A short leg of the fuzz target on the corpus in the repository. <c>IDEXTRACTOR_FUZZ_SECONDS</c>
/// and <c>IDEXTRACTOR_FUZZ_SEED</c> make it longer, or the same again.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly int Seconds = Setting("IDEXTRACTOR_FUZZ_SECONDS") ?? 20;
    private static readonly int Seed = Setting("IDEXTRACTOR_FUZZ_SEED") ?? (TestInput.IsMandatory ? 20251130 : Environment.TickCount);

    public static TheoryData<string> Seeds => [.. Corpus.BuiltIn().Seeds.Select(seed => seed.Name)];

    [Fact]
    public async Task Program_ChangedFiles_ShowNoDefect()
    {
        // A process of its own: its memory is measured, its buffers are guarded, and it may die.
        string[] words = [typeof(FuzzLoop).Assembly.Location, "--seconds", $"{Seconds}", "--seed", $"{Seed}"];
        var end = await ChildProcess.RunAsync(ChildProcess.Dotnet, words, TimeSpan.FromSeconds(Seconds + 120));

        output.WriteLine(end.Said);
        Assert.True(end.ExitCode == 0, $"exit code {end.ExitCode}: {end.Said}");
        Assert.Contains("no defect", end.Output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Assemble_UnchangedModel_GivesTheSameFile(string name)
    {
        var file = Corpus.BuiltIn().Seeds.Single(seed => seed.Name == name).Bytes;
        var again = FileModel.Parse(FileModel.Parse(file).Assemble()).Assemble();

        Assert.Equal(FileModel.Parse(file).Assemble(), again);
        Assert.Equal(Pages(file), Pages(again));
    }

    [Fact]
    public void Create_SameSeed_GivesTheSameInput()
    {
        var corpus = Corpus.BuiltIn();

        Assert.All(
            Enumerable.Range(0, 50), seed => Assert.Equal(FuzzInput.Create(corpus, seed).Bytes, FuzzInput.Create(corpus, seed).Bytes));
    }

    private static IEnumerable<byte[]> Pages(byte[] file) => FileModel.Parse(file).Pages.Select(page => page.Body);

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;
}
