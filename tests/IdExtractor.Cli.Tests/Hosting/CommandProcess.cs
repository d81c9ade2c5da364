using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using IdExtractor.Cli.Options;
using IdExtractor.Core.Job;
using IdExtractor.Phrases;

namespace IdExtractor.Cli.Tests.Hosting;

/// <summary>The program as a process.</summary>
internal sealed class CommandProcess : IDisposable
{
    /// <summary>Longer than any test takes, shorter than patience lasts.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly StringBuilder _output = new(), _error = new();
    private readonly Dictionary<string, TaskCompletionSource> _awaited = [];
    private readonly Task _reading;

    private CommandProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.Start();
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput, _output), ReadAsync(_process.StandardError, _error));
    }

    /// <summary>The process's id.</summary>
    public int Id => _process.Id;

    /// <summary>Its stdin.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>Runs the real program to its end.</summary>
    public static CommandOutcome Run(params string[] args) => Run(null, args);

    /// <summary>Runs the real program to its end, with environment variables.</summary>
    public static CommandOutcome Run(IReadOnlyDictionary<string, string>? environment, params string[] args)
    {
        using var process = new CommandProcess(StartInfo(RealProgram, environment, args));
        return process.WaitForEnd();
    }

    /// <summary>Runs the program with a scripted engine to its end.</summary>
    public static CommandOutcome RunScript(string script, params string[] args) => RunScript(script, null, args);

    /// <summary>
    /// Runs the program with a scripted engine to its end, with environment variables.
    /// </summary>
    public static CommandOutcome RunScript(string script, IReadOnlyDictionary<string, string>? environment, params string[] args)
    {
        using var process = StartScript(script, environment, args);
        return process.WaitForEnd();
    }

    /// <summary>Starts the real program.</summary>
    public static CommandProcess StartReal(params string[] args) => new(StartInfo(RealProgram, null, args));

    /// <summary>Starts the program with a scripted engine.</summary>
    public static CommandProcess StartScript(string script, IReadOnlyDictionary<string, string>? environment, params string[] args)
    {
        var start = StartInfo("IdExtractor.Cli.Tests.dll", environment, args);
        start.Environment[ScriptedRun.Variable] = script;
        return new CommandProcess(start);
    }

    /// <summary>Starts any program, in a clean environment.</summary>
    public static CommandProcess Start(string program, IReadOnlyDictionary<string, string>? environment, params string[] args) =>
        new(StartInfo(program, environment, args));

    /// <summary>The command line of the scripted program, for a shell.</summary>
    public static string ScriptCommand(params string[] args) =>
        string.Join(
            ' ',
            new[] { Dotnet, Path.Combine(AppContext.BaseDirectory, "IdExtractor.Cli.Tests.dll") }.Concat(args).Select(word => $"'{word}'"));

    /// <summary>The command line of the real program, for a shell.</summary>
    public static string RealCommand(params string[] args)
    {
        var program = RealProgram.EndsWith(".dll", StringComparison.Ordinal)
            ? new[] { Dotnet, Path.Combine(AppContext.BaseDirectory, RealProgram) }
            : [RealProgram];
        return string.Join(' ', program.Concat(args).Select(word => $"'{word}'"));
    }

    /// <summary>Runs a line of the shell to its end.</summary>
    public static CommandOutcome RunShell(string line, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Start("bash", environment, "-c", line);
        return process.WaitForEnd();
    }

    /// <summary>Completes when a text has appeared on stdout or stderr.</summary>
    public async Task WaitForTextAsync(string text)
    {
        TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_awaited)
        {
            if (Shown().Contains(text, StringComparison.Ordinal))
                return;
            _awaited[text] = seen;
        }

        await seen.Task.WaitAsync(s_limit);
    }

    /// <summary>Completes when what has been written so far satisfies a condition.</summary>
    public async Task WaitUntilAsync(Predicate<string> wanted)
    {
        for (var waited = TimeSpan.Zero; ; waited += s_look)
        {
            lock (_awaited)
            {
                if (wanted(Shown()))
                    return;
                Assert.True(waited < s_limit, $"what was waited for did not come within {s_limit}; it wrote: {Shown()}");
            }

            await Task.Delay(s_look);
        }
    }

    /// <summary>Sends a signal, as <c>TERM</c>.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Waits for the end and takes everything that was written.</summary>
    public CommandOutcome WaitForEnd()
    {
        if (!_process.WaitForExit(s_limit))
        {
            _process.Kill(entireProcessTree: true);
            Assert.Fail($"the process did not end within {s_limit}; it wrote: {Shown()}");
        }

        Assert.True(_reading.Wait(s_limit), "the process has ended, but something keeps its output open");
        lock (_awaited)
            return new CommandOutcome(_process.ExitCode, _output.ToString(), _error.ToString());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    /// <summary>
    /// The built assembly; or, in the project's check, the program that was published as
    /// native code into the folder of this name.
    /// </summary>
    private static string RealProgram =>
        Environment.GetEnvironmentVariable("IDEXTRACTOR_NATIVE") is { Length: > 0 } folder
            ? Path.Combine(folder, "idextractor")
            : "idextractor.dll";

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static ProcessStartInfo StartInfo(string program, IReadOnlyDictionary<string, string>? environment, string[] args)
    {
        var isAssembly = program.EndsWith(".dll", StringComparison.Ordinal);
        var start = new ProcessStartInfo(isAssembly ? Dotnet : program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        if (isAssembly)
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, program));
        foreach (var word in args)
            start.ArgumentList.Add(word);
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>())
        {
            if (name.StartsWith(OptionDefinition.VariablePrefix, StringComparison.Ordinal)
                || name.StartsWith("AWS_", StringComparison.Ordinal)
                || name == "NO_COLOR")
                start.Environment.Remove(name);
        }

        // Tests that set no language run in English, whatever the machine's language is.
        start.Environment.Remove("LC_ALL");
        start.Environment["LC_MESSAGES"] = "C";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return start;
    }

    private string Shown() => _output.ToString() + _error;

    /// <summary>Reads bytes as they come: the bar does not end its lines.</summary>
    private async Task ReadAsync(StreamReader reader, StringBuilder text)
    {
        var buffer = new char[4096];
        int count;
        while ((count = await reader.ReadAsync(buffer)) > 0)
        {
            lock (_awaited)
            {
                text.Append(buffer, 0, count);
                foreach (var (awaited, seen) in _awaited)
                {
                    if (Shown().Contains(awaited, StringComparison.Ordinal))
                        seen.TrySetResult();
                }
            }
        }
    }
}

/// <summary>What a process left behind.</summary>
internal sealed record CommandOutcome(int ExitCode, string Output, string Error)
{
    /// <summary>The lines of stderr.</summary>
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// Stderr without lines of progress, which a slow machine adds to any run of two seconds.
    /// </summary>
    public string ErrorWithoutProgress
    {
        get
        {
            var names = Enum.GetValues<RunPhase>().Select(phase => phase.ToName());
            var phases = string.Join('|', names.SelectMany(name => new[] { name, Speech.Portuguese.Of(name) }).Select(Regex.Escape));
            return Regex.Replace(Error, $@"(?m)^(?:{phases})(?: \d+[.,]\d%)?: .*\n", "");
        }
    }

    /// <summary>The lines of stdout.</summary>
    public string[] OutputLines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
