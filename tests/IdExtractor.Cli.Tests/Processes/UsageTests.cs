using IdExtractor.Cli.Tests.Hosting;

namespace IdExtractor.Cli.Tests.Processes;

/// <summary>
/// Wrong command lines, as typed to the real program: exit 2, and one line that names the option
/// and what it takes.
/// </summary>
public sealed class UsageTests
{
    private const string Needed = "extract --table-a a --table-b b --output o ";

    [Theory]
    [InlineData("", "No command is given: the commands are extract, plan, verify, promote, publish, history, prune; see idextractor --help")]
    [InlineData("extarct",
        "'extarct' is no command: the commands are extract, plan, verify, promote, publish, history, prune; did you mean extract?")]
    [InlineData("frobnicate",
        "'frobnicate' is no command: the commands are extract, plan, verify, promote, publish, history, prune; see idextractor --help")]
    [InlineData("--quiet extract",
        "The command comes first: the commands are extract, plan, verify, promote, publish, history, prune; see idextractor --help")]
    [InlineData("extract",
        "--table-a, --table-b, --output are required by extract; give them on the command line, in the environment (as IDEXTRACTOR_TABLE_A) or in a --config file; see idextractor extract --help")]
    [InlineData("promote --output o",
        "--stage is required by promote; give it on the command line, in the environment (as IDEXTRACTOR_STAGE) or in a --config file; see idextractor promote --help")]
    [InlineData("extract --tabel-a x", "'--tabel-a' is not an option of extract; did you mean --table-a?")]
    [InlineData("extract --tabel-a=x", "'--tabel-a' is not an option of extract; did you mean --table-a?")]
    [InlineData("extract --frobnicate", "'--frobnicate' is not an option of extract; see idextractor extract --help")]
    [InlineData("extract -x", "'-x' is not an option of extract; see idextractor extract --help")]
    [InlineData("extract -q --quiet", "-q means --quiet, which is given too; give one of the two")]
    [InlineData("extract -v --log-level debug", "-v means --log-level info, which is given too; give one of the two")]
    [InlineData("extract -v -vv", "-vv means --log-level debug, which is given too; give one of the two")]
    [InlineData("plan --min-ids 3",
        "--min-ids is not an option of plan, but of extract, promote, publish, history; see idextractor plan --help")]
    [InlineData("verify --min-ids 3",
        "--min-ids is not an option of verify, but of extract, promote, publish, history; see idextractor verify --help")]
    [InlineData("prune --output o --keep-days 3",
        "--keep-versions is required by prune; give it on the command line, in the environment (as IDEXTRACTOR_KEEP_VERSIONS) or in a --config file; see idextractor prune --help")]
    [InlineData("prune --output o --keep-days 3 --keep-versions 0",
        "--keep-versions takes a whole number from 1 to 2147483647, not '0' (command line)")]
    [InlineData("prune --output o --keep-versions 3 --keep-days 0",
        "--keep-days takes a whole number from 1 to 36500, not '0' (command line)")]
    [InlineData("completions tcsh", "completions takes bash, zsh, fish or powershell, not 'tcsh'; see idextractor help")]
    [InlineData("completions", "completions takes the name of one shell: bash, zsh, fish or powershell")]
    [InlineData("extract people", "'people' is not expected here: extract takes options only; see idextractor extract --help")]
    [InlineData("extract --table-a",
        "--table-a has no value; it takes glue://database/table, s3://bucket/prefix/, file:///folder or a local path")]
    [InlineData("extract --table-a --table-b b",
        "--table-a has no value; it takes glue://database/table, s3://bucket/prefix/, file:///folder or a local path")]
    [InlineData("extract --table-a --tabel-b b",
        "--table-a takes glue://database/table, s3://bucket/prefix/, file:///folder or a local path, but the option '--tabel-b' follows")]
    [InlineData("extract --allow-older --frobnicate", "'--frobnicate' is not an option of extract; see idextractor extract --help")]
    [InlineData("extract --allow-older --tabel-b b", "'--tabel-b' is not an option of extract; did you mean --table-b?")]
    [InlineData("extract --min-ids 3 --min-ids 4", "--min-ids is given 2 times; give it once")]
    [InlineData(Needed + "--quiet maybe", "--quiet takes true, false, 1 or 0, not 'maybe' (command line)")]
    [InlineData(Needed + "--match fuzzy", "--match takes pad or concat, not 'fuzzy' (command line)")]
    [InlineData(Needed + "--key-width 0", "--key-width takes a whole number from 1 to 64, not '0' (command line)")]
    [InlineData(Needed + "--key-width 65", "--key-width takes a whole number from 1 to 64, not '65' (command line)")]
    [InlineData(Needed + "--on-bad-cpf ignore", "--on-bad-cpf takes reject or fail, not 'ignore' (command line)")]
    [InlineData(Needed + "--max-rejected-percent 101",
        "--max-rejected-percent takes a percentage from 0 to 100, as 20 or 12.5%, not '101' (command line)")]
    [InlineData(Needed + "--report sa\uFFFDda",
        "The value of --report is not UTF-8 (command line); write it in UTF-8; a file or folder whose name is not has to be renamed first")]
    [InlineData(Needed + "--on-null-id keep", "--on-null-id takes fail or drop, not 'keep' (command line)")]
    [InlineData(Needed + "--on-empty-partition next", "--on-empty-partition takes fail or previous, not 'next' (command line)")]
    [InlineData(Needed + "--min-ids -1", "--min-ids takes a whole number, 0 or more, not '-1' (command line)")]
    [InlineData(Needed + "--max-ids 1e6", "--max-ids takes a whole number, 0 or more, not '1e6' (command line)")]
    [InlineData(Needed + "--max-drop-percent 101",
        "--max-drop-percent takes a percentage from 0 to 100, as 20 or 12.5%, not '101' (command line)")]
    [InlineData(Needed + "--gzip-level 10", "--gzip-level takes a whole number from 0 to 9, not '10' (command line)")]
    [InlineData(Needed + "--threads 0", "--threads takes a whole number from 1 to 1024, not '0' (command line)")]
    [InlineData(Needed + "--max-memory 63MiB",
        "--max-memory takes a size of 64MiB or more, as 512MiB, 1GiB, 2GB or a number of bytes, not '63MiB' (command line)")]
    [InlineData(Needed + "--max-memory lots",
        "--max-memory takes a size of 64MiB or more, as 512MiB, 1GiB, 2GB or a number of bytes, not 'lots' (command line)")]
    [InlineData(Needed + "--max-partition-age 2",
        "--max-partition-age takes a length of time above zero in days, hours or minutes, as 2d, 36h or 90m, not '2' (command line)")]
    [InlineData(Needed + "--partition 20251022",
        "--partition takes key=value, or key=value/key=value with each key once, where %2F stands for a slash in a value, not '20251022' (command line)")]
    [InlineData(Needed + "--partition-a a=1/a=2",
        "--partition-a takes key=value, or key=value/key=value with each key once, where %2F stands for a slash in a value, not 'a=1/a=2' (command line)")]
    [InlineData(Needed + "--stage-key ../x",
        "--stage-key takes a key below the output root, as stage/stage_20251022_120000.txt.gz, without empty, '.' or '..' parts, not '../x' (command line)")]
    [InlineData(Needed + "--active-key /x",
        "--active-key takes a key below the output root, as stage/stage_20251022_120000.txt.gz, without empty, '.' or '..' parts, not '/x' (command line)")]
    [InlineData(Needed + "--log xml", "--log takes text or json, not 'xml' (command line)")]
    [InlineData(Needed + "--log-level loud", "--log-level takes error, warn, info or debug, not 'loud' (command line)")]
    [InlineData(Needed + "--metrics prometheus", "--metrics takes emf or none, not 'prometheus' (command line)")]
    [InlineData(Needed + "--region Mars!", "--region takes a region, as sa-east-1, not 'Mars!' (command line)")]
    [InlineData(Needed + "--endpoint-url localhost:4566",
        "--endpoint-url takes an http:// or https:// address without user, password and query, not what was given (command line)")]
    [InlineData(Needed + "--sse des", "--sse takes AES256, aws:kms or aws:kms:dsse, not 'des' (command line)")]
    [InlineData(Needed + "--expected-bucket-owner me",
        "--expected-bucket-owner takes an account number of 12 digits, not 'me' (command line)")]
    [InlineData(Needed + "--assume-role admin",
        "--assume-role takes the ARN of a role, as arn:aws:iam::<account>:role/<name>, not 'admin' (command line)")]
    [InlineData(Needed + "--catalog-id 12", "--catalog-id takes an account number of 12 digits, not '12' (command line)")]
    [InlineData("extract --table-a http://x --table-b b --output o",
        "--table-a takes glue://database/table, s3://bucket/prefix/, file:///folder or a local path, not 'http://x' (command line)")]
    [InlineData("extract --table-a a --table-b glue://db --output o",
        "--table-b takes glue://database/table, s3://bucket/prefix/, file:///folder or a local path, not 'glue://db' (command line)")]
    [InlineData("extract --table-a a --table-b b --output glue://db/t",
        "--output takes s3://bucket/prefix/, file:///folder or a local path, not 'glue://db/t' (command line)")]
    [InlineData(Needed + "--min-ids 5 --max-ids 4", "--min-ids 5 is above --max-ids 4, so that no result could pass")]
    [InlineData(Needed + "--min-ids 5 --allow-empty",
        "--allow-empty contradicts --min-ids 5, which no empty result passes; give one of the two")]
    [InlineData(Needed + "--match concat --key-width 11",
        "--key-width has no meaning with --match concat, which puts 000 in front of a value as it is; give one of the two")]
    [InlineData(Needed + "--stage-key x/y --active-key x/y", "--stage-key and --active-key name the same key")]
    [InlineData("promote --output o --stage active/latest.txt.gz", "--stage and --active-key name the same key")]
    [InlineData(Needed + "--sse AES256 --kms-key-id k",
        "--kms-key-id contradicts --sse AES256, which has no key of yours; take --sse aws:kms")]
    public void Usage_Wrong_EndsWithTwoAndOneLine(string words, string message)
    {
        var outcome = CommandProcess.Run(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal($"error: {message}\n", outcome.Error);
        Assert.Equal("", outcome.Output);
        Assert.Equal(2, outcome.ExitCode);
    }

    [Fact]
    public void Usage_Wrong_NamesTheEnvironmentVariable()
    {
        var outcome = CommandProcess.Run(new Dictionary<string, string> { ["IDEXTRACTOR_MIN_IDS"] = "many" }, Words.Extract());

        Assert.Equal(
            "error: --min-ids takes a whole number, 0 or more, not 'many' (environment variable IDEXTRACTOR_MIN_IDS)\n", outcome.Error);
        Assert.Equal(2, outcome.ExitCode);
    }

    [Fact]
    public void Usage_Contradiction_NamesWhereItComesFrom()
    {
        var outcome = CommandProcess.Run(new Dictionary<string, string> { ["IDEXTRACTOR_MIN_IDS"] = "9" }, Words.Extract("--max-ids", "3"));

        Assert.Equal(
            "error: --min-ids (environment variable IDEXTRACTOR_MIN_IDS) 9 is above --max-ids 3, so that no result could pass\n",
            outcome.Error);
        Assert.Equal(2, outcome.ExitCode);
    }

    [Fact]
    public void Usage_WrongInJsonLog_IsOneObject()
    {
        var outcome = CommandProcess.Run(Words.Extract("--log", "json", "--match", "fuzzy"));

        Assert.Equal(2, outcome.ExitCode);
        using var line = System.Text.Json.JsonDocument.Parse(Assert.Single(outcome.ErrorLines));
        Assert.Equal("error", line.RootElement.GetProperty("level").GetString());
        Assert.Equal("--match takes pad or concat, not 'fuzzy' (command line)", line.RootElement.GetProperty("message").GetString());
        Assert.Equal(2, line.RootElement.GetProperty("fields").GetProperty("exit_code").GetInt32());
    }

    [Theory]
    [InlineData("12345678901")]
    [InlineData("123.456.789-01")]
    [InlineData("00012345678901")]
    public void Usage_ADocumentInTheWrongPlace_IsNotRepeated(string document)
    {
        var outcome = CommandProcess.Run(Words.Extract("--match", document));

        Assert.Equal(2, outcome.ExitCode);
        Assert.DoesNotContain(document, outcome.Error, StringComparison.Ordinal);
        Assert.Contains("###", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("IDEXTRACTOR_MIN_IDSS", "IDEXTRACTOR_MIN_IDS")]
    [InlineData("IDEXTRACTOR_MAX_DROP", "IDEXTRACTOR_MAX_DROP_PERCENT")]
    [InlineData("IDEXTRACTOR_IDS_MIN", "IDEXTRACTOR_MIN_IDS")]
    public void Environment_AMisspeltVariable_IsRefused(string variable, string meant)
    {
        var outcome = CommandProcess.RunScript("done", new Dictionary<string, string> { [variable] = "9" }, Words.Extract());

        Assert.Equal(2, outcome.ExitCode);
        Assert.Equal($"error: The environment variable {variable} is not an option; did you mean {meant}?\n", outcome.Error);
    }

    [Fact]
    public void Environment_AMisspeltVariableThatIsEmpty_IsNotSet() =>
        Assert.Equal(
            0,
            CommandProcess.RunScript("done", new Dictionary<string, string> { ["IDEXTRACTOR_MIN_IDSS"] = "" }, Words.Extract()).ExitCode);
}
