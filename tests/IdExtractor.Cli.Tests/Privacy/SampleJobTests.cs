using System.IO.Compression;
using IdExtractor.Cli.Tests.Hosting;

namespace IdExtractor.Cli.Tests.Privacy;

/// <summary>Real jobs on the samples, in the ways they can end, at the highest verbosity.</summary>
public sealed class SampleJobTests : IClassFixture<SampleMarks>, IDisposable
{
    private const string LatestFolder = "ano_mes_dia=20251022";

    private static readonly string s_a = Path.Combine(Repository.Samples, "a"), s_b = Path.Combine(Repository.Samples, "b");

    private readonly Scratch _scratch = new();
    private readonly SampleMarks _marks;
    private readonly PrivacySweep _sweep;

    public SampleJobTests(SampleMarks marks)
    {
        _marks = marks;
        _sweep = new PrivacySweep(marks.Documents, marks.Ids);
        Directory.CreateDirectory(_scratch.PathOf("input"));
    }

    private string Output => _scratch.PathOf("out");

    private string Input => _scratch.PathOf("input/");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Extract_AndAllThatMayFollow_LeaksNothing()
    {
        Sweep(
            0,
            ["extract", "--table-a", s_a, "--table-b", s_b, "--output", Output, "--stage-key", "stage/first.txt.gz", "--skip-if-current"]);
        Sweep(0, ["plan", "--table-a", s_a, "--table-b", s_b]);
        Sweep(0, ["verify", "--output", Output]);
        Sweep(0, ["promote", "--output", Output, "--stage", "stage/first.txt.gz"]);
        Sweep(0, ["history", "--output", Output, "--stage-key", "stage/first.txt.gz", "--html", _scratch.PathOf("history.html")]);
        Assert.Contains("stage/first.txt.gz", File.ReadAllText(_scratch.PathOf("history.html")), StringComparison.Ordinal);
        Sweep(0, ["prune", "--output", Output, "--stage-key", "stage/first.txt.gz", "--keep-versions", "1", "--keep-days", "1"]);
    }

    [Fact]
    public void Publish_OfText_LeaksNothing()
    {
        Directory.CreateDirectory(_scratch.PathOf("input/parts"));
        using (var packed = new GZipStream(File.OpenRead(Path.Combine(Repository.Samples, "expected.txt.gz")), CompressionMode.Decompress))
        using (var text = File.Create(_scratch.PathOf("input/parts/part-0.txt")))
            packed.CopyTo(text);

        Sweep(0, ["publish", "--from", _scratch.PathOf("input/parts"), "--output", Output, "--partition", "ano_mes_dia=20251022"]);
    }

    [Theory]
    [InlineData(4, "--min-ids", "100000")]
    [InlineData(6, "--partition", "ano_mes_dia=20990101")]
    [InlineData(7, "--key-column", "no_such_column")]
    [InlineData(7, "--id-column", "no_such_column")]
    [InlineData(3, "--active-key", "active/latest.txt.gz/below/a/file")]
    public void Extract_ThatFails_LeaksNothing(int exitCode, params string[] more)
    {
        Directory.CreateDirectory(Path.Combine(Output, "active"));
        File.WriteAllText(Path.Combine(Output, "active", "latest.txt.gz"), "by hand");

        Sweep(exitCode, ["extract", "--table-a", s_a, "--table-b", s_b, "--output", Output, .. more]);
    }

    [Theory]
    [InlineData("documento\n{0}\n{1}x\n{2}99999\n")]
    [InlineData("{0}\n{1}x\n{2}99999\n")]
    [InlineData("{0};{1}\n{1};{2}\n")]
    [InlineData("{0}\n\"{1}\n")]
    public void Extract_OfAListWithBadValues_LeaksNothing(string text)
    {
        var list = string.Format(
            System.Globalization.CultureInfo.InvariantCulture, text, _marks.Documents[0], _marks.Documents[1], _marks.Documents[2]);
        var path = _scratch.Write("input/people.csv", list);

        Sweep(7, ["extract", "--table-a", path, "--table-b", s_b, "--output", Output, "--on-bad-cpf", "fail"]);
    }

    [Fact]
    public void Extract_OfAMatchedRowWithoutAnId_LeaksNothing() =>
        Sweep(7, ["extract", "--table-a", Path.Combine(s_b, LatestFolder), "--table-b", s_b, "--output", Output]);

    [Theory]
    [InlineData("cut")]
    [InlineData("flipped")]
    [InlineData("text")]
    public void Extract_OfDamagedFiles_LeaksNothing(string damage)
    {
        var latest = Directory.CreateDirectory(_scratch.PathOf($"input/{LatestFolder}"));
        foreach (var file in Directory.GetFiles(Path.Combine(s_b, LatestFolder)))
        {
            var bytes = File.ReadAllBytes(file);
            switch (damage)
            {
                case "cut":
                    bytes = bytes[..(bytes.Length / 2)];
                    break;
                case "flipped":
                    for (var at = 4; at < bytes.Length / 2; at += 7)
                        bytes[at] ^= 0x55;
                    break;
                default:
                    bytes = [.. System.Text.Encoding.UTF8.GetBytes(string.Join('\n', _marks.Documents))];
                    break;
            }

            File.WriteAllBytes(Path.Combine(latest.FullName, Path.GetFileName(file)), bytes);
        }

        Sweep(7, ["extract", "--table-a", s_a, "--table-b", _scratch.PathOf("input"), "--output", Output]);
    }

    private void Sweep(int exitCode, string[] words) =>
        _sweep.AssertClean(args => CommandProcess.Run(args), words, exitCode, _scratch.Root, Input);
}
