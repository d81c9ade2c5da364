using System.IO.Compression;
using System.Text;
using IdExtractor.Cli.Tests.Hosting;

namespace IdExtractor.Cli.Tests.Privacy;

public sealed class PrivacyTests : IDisposable
{
    private const string Document = "01234567890", Id = "ID-0000-4711";

    private readonly Scratch _scratch = new();
    private readonly PrivacySweep _sweep = new([Document, ScriptedRun.Secret], [Id]);

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("done", 0)]
    [InlineData("corrupt", 7)]
    [InlineData("bug", 1)]
    [InlineData("thread", 1)]
    public void Run_AtTheHighestVerbosity_LeaksNothing(string script, int exitCode) =>
        _sweep.AssertClean(
            words => CommandProcess.RunScript(script, words), Words.Extract(), exitCode, writesReports: script != "thread", _scratch.Root);

    [Theory]
    [InlineData("01234567890")]
    [InlineData("00001234567890")]
    [InlineData("1234567890")]
    [InlineData("012.345.678-90")]
    public void Sweep_OfADocumentInAnySpelling_FindsIt(string spelling)
    {
        Assert.NotEmpty(_sweep.Leaks(new CommandOutcome(0, $"x {spelling} y", ""), _scratch.Root));
        Assert.NotEmpty(_sweep.Leaks(new CommandOutcome(0, "", $"x{spelling}y"), _scratch.Root));
    }

    [Fact]
    public void Sweep_OfFilesAndNames_FindsDocumentsAndIds()
    {
        _scratch.Write("side.json", $"{{\"a\": \"{Document}\"}}");
        _scratch.Write($"{Id}.tmp", "");
        Pack("log.gz", Id);

        Assert.Equal(
            ["a file's name holds an ID", "log.gz holds an ID", "side.json holds a document"],
            _sweep.Leaks(new CommandOutcome(0, "", ""), _scratch.Root).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Sweep_OfAPayload_AllowsIdsButNoDocuments()
    {
        Pack("latest.txt.gz", Id);
        Assert.Empty(_sweep.Leaks(new CommandOutcome(0, "", ""), _scratch.Root));

        Pack("latest.txt.gz", Document);
        Assert.Equal(["latest.txt.gz holds a document"], _sweep.Leaks(new CommandOutcome(0, "", ""), _scratch.Root));
    }

    [Fact]
    public void Sweep_OfInputs_IsLeftOut()
    {
        Directory.CreateDirectory(_scratch.PathOf("people"));
        _scratch.Write("people/a.csv", Document);

        Assert.Empty(_sweep.Leaks(new CommandOutcome(0, "", ""), _scratch.Root, _scratch.PathOf("people") + Path.DirectorySeparatorChar));
    }

    private void Pack(string name, string text)
    {
        using var gzip = new GZipStream(File.Create(_scratch.PathOf(name)), CompressionLevel.Fastest);
        gzip.Write(Encoding.UTF8.GetBytes(text));
    }
}
