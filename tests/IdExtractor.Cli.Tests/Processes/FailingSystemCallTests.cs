using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using IdExtractor.Cli.Tests.Hosting;

namespace IdExtractor.Cli.Tests.Processes;

/// <summary>
/// Every system call that stage, verify and promote make on the output fails in turn, by strace.
/// The active file is the old or the new one, whole, and the exit code says which. The native leg
/// of the project's check goes through all of them; the program that is compiled while it runs
/// takes too long for more than a few calls of each kind.
/// </summary>
public sealed partial class FailingSystemCallTests : IDisposable
{
    private const int MostNumbers = 4;

    /// <summary>Which thread makes a call, and so its number, differs from run to run.</summary>
    private const int MostTraces = 10;

    private static readonly string[] s_errors = ["EIO", "ENOSPC", "EDQUOT", "EXDEV", "EINTR", "ESTALE"];

    private readonly Scratch _scratch = new();

    public static TheoryData<string, bool> Calls
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var call in new[] { "fsync", "rename", "link", "unlink", "mkdir", "pwrite64", "pread64", "flock", "utimensat", "close",
                "statx", "openat", "lseek" })
            {
                if (call != "mkdir")
                    data.Add(call, true);
                if (call is "fsync" or "rename" or "mkdir" or "pwrite64")
                    data.Add(call, false);
            }

            return data;
        }
    }

    private static bool IsThorough => Environment.GetEnvironmentVariable("IDEXTRACTOR_NATIVE") is { Length: > 0 };

    public void Dispose() => _scratch.Dispose();

    [StraceTheory]
    [MemberData(nameof(Calls))]
    public void Publish_EveryCallOfAKindFails_LeavesOldOrNewAndTheExitCodeSaysWhich(string call, bool hasOld)
    {
        var old = Publish(_scratch.PathOf("old"), "OLD", "20251021");
        Assert.Equal(0, old.ExitCode);
        List<int> numbers = [];
        for (var trace = 0; numbers.Count == 0 && trace < MostTraces; trace++)
            numbers = NumbersOf(call, hasOld);
        Assert.NotEmpty(numbers);
        var outcomes = new List<int>();
        foreach (var (number, index) in numbers.Select((number, index) => (number, index)))
        {
            // Calls that write bytes or put names in place fail in every way, all others in one way
            // each.
            foreach (var error in IsThorough && call is ("fsync" or "rename") ? s_errors : [s_errors[index % s_errors.Length]])
                outcomes.Add(Check(call, number, error, hasOld));
        }

        Assert.Equal(0, Publish(_scratch.PathOf("out"), "NEXT", "20251023", more: "--allow-older").ExitCode);
        Assert.Equal("NEXT", Read(_scratch.PathOf("out")));

        // Only failures that take effect count: an injection that never reached the output would
        // prove nothing.
        if (call is "fsync" or "rename" or "pwrite64" or "mkdir")
            Assert.Contains(outcomes, code => code != 0);
    }

    private int Check(string call, int number, string error, bool hasOld)
    {
        var root = _scratch.PathOf("out");
        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);
        if (hasOld)
            Copy(_scratch.PathOf("old"), root);
        var where = $"{call} {number} fails with {error}";
        var outcome = Publish(
            root, "NEW", "20251022", $"strace -f -qq -o /dev/null -e trace={call} -e inject={call}:error={error}:when={number}");

        var found = Read(root);
        if (IsOfRuntime(outcome))
        {
            Assert.Contains(found, new[] { hasOld ? "OLD" : null, "NEW" });
            return 0;
        }

        Assert.True(outcome.ExitCode is 0 or 3 or 4 or 5 or 75, $"{where}: exit code {outcome.ExitCode}: {outcome.Error}");
        Assert.True(
            found == (outcome.ExitCode == 0 ? "NEW" : hasOld ? "OLD" : null),
            $"{where}: exit code {outcome.ExitCode}, but '{found}' is active: {outcome.Error}");
        return outcome.ExitCode;
    }

    /// <summary>
    /// Whether the call that failed was one by which the runtime loads a part of the program: which
    /// thread does so, and with which number, differs from run to run. Native code loads nothing.
    /// </summary>
    private static bool IsOfRuntime(CommandOutcome outcome) =>
        !IsThorough && outcome.ExitCode == 134 && outcome.Error.Contains("Could not load file or assembly", StringComparison.Ordinal);

    /// <summary>
    /// Which calls of the process, counted thread by thread as strace does, are about the output.
    /// </summary>
    private List<int> NumbersOf(string call, bool hasOld)
    {
        var root = _scratch.PathOf("traced");
        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);
        if (hasOld)
            Copy(_scratch.PathOf("old"), root);
        var trace = _scratch.PathOf("trace");
        Assert.Equal(0, Publish(root, "NEW", "20251022", $"strace -f -qq -y -o '{trace}' -e trace={call}").ExitCode);
        var counts = new Dictionary<string, int>();
        var numbers = new SortedSet<int>();
        var loads = new SortedSet<int>();
        foreach (var line in File.ReadLines(trace))
        {
            var match = TracedCall().Match(line);
            if (!match.Success)
                continue;
            var thread = match.Groups["thread"].Value;
            counts[thread] = counts.GetValueOrDefault(thread) + 1;
            if (line.Contains(root, StringComparison.Ordinal))
                numbers.Add(counts[thread]);
            else if (LoadedFile().IsMatch(line))
                loads.Add(counts[thread]);
        }

        // A number applies to every thread. Where one of them loads the runtime by that call, the
        // program would not start.
        if (!IsThorough)
            numbers.ExceptWith(loads);

        var step = IsThorough ? 1 : Math.Max(1, numbers.Count / MostNumbers);
        return [.. numbers.Where((_, index) => index % step == 0)];
    }

    private CommandOutcome Publish(string root, string id, string day, string before = "", string more = "")
    {
        Directory.CreateDirectory(_scratch.PathOf("parts-" + id));
        File.WriteAllText(_scratch.PathOf($"parts-{id}/part-0.txt"), id + "\n");
        var program = CommandProcess.RealCommand(
            "publish", "--from", _scratch.PathOf("parts-" + id), "--partition", $"ano_mes_dia={day}", "--output", root, "--threads", "1",
            "--quiet");
        return CommandProcess.RunShell($"{before} {program} {more}");
    }

    /// <summary>
    /// The id of the active file, by its metadata and its text; null when there is none.
    /// </summary>
    private static string? Read(string root)
    {
        var path = Path.Combine(root, "active", "latest.txt.gz");
        if (!File.Exists(path))
            return null;
        var bytes = File.ReadAllBytes(path);
        using var text = new StreamReader(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress), Encoding.UTF8);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        using var side = JsonDocument.Parse(File.ReadAllBytes(path + ".metadata.json"));
        var isKnown = side.RootElement.GetProperty("sha256").GetString() == hash
            || (side.RootElement.TryGetProperty("alternate", out var other) && other.GetProperty("sha256").GetString() == hash);
        Assert.True(isKnown, "the side file does not know the active file");
        return text.ReadToEnd();
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    [GeneratedRegex(@"^(?<thread>\d+) +[a-z0-9_]+\(")]
    private static partial Regex TracedCall();

    [GeneratedRegex(@"\.(json|dll|so)\b")]
    private static partial Regex LoadedFile();

    /// <summary>
    /// A test that needs strace, and the right to trace. Where CI is true it must not be missing.
    /// </summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class StraceTheoryAttribute : TheoryAttribute
    {
        public StraceTheoryAttribute() =>
            Skip = Environment.GetEnvironmentVariable("CI") == "true" || CanTrace() ? null : "needs strace, and the right to trace";

        private static bool CanTrace() =>
            OperatingSystem.IsLinux() && CommandProcess.RunShell("strace -qq -o /dev/null true").ExitCode == 0;
    }
}
