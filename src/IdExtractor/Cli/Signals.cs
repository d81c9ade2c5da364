using System.Runtime.InteropServices;
using IdExtractor.Foundation.Errors;
using IdExtractor.Host;

namespace IdExtractor.Cli;

/// <summary>
/// SIGINT and SIGTERM (specification, sections 7 and 9). The first one cancels the run, which then
/// aborts its writes. A second SIGINT ends the process at once, and so does a run that does not end
/// in time, because AWS Batch kills the process 30 s after its SIGTERM.
/// </summary>
internal sealed class Signals : IDisposable
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_lastGrace = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _cancellation = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Lock _gate = new();
    private Timer? _deadline;
    private Action? _abandon;
    private ExitCode? _settled;

    public Signals() => _registrations =
        [PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal)];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>The first signal; null when none has come.</summary>
    public PosixSignal? Received { get; private set; }

    /// <summary>What to do in the last moment when the process ends at once.</summary>
    public void BeforeAbandon(Action abandon) => _abandon = abandon;

    /// <summary>
    /// The run is over. From now on, too, the process can be ended at once, but with this code.
    /// </summary>
    public void Settle(ExitCode code) => _settled = code;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _deadline?.Dispose();
        _cancellation.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (_gate)
        {
            if (Received is { } first)
            {
                if (context.Signal == PosixSignal.SIGINT)
                    Abandon(first);
                return;
            }

            Received = context.Signal;
            _deadline = new Timer(_ => Abandon(context.Signal), null, s_grace, Timeout.InfiniteTimeSpan);
        }

        // What the run still has to log must not keep it from ending.
        StandardStream.Hurry();
        _ = _cancellation.CancelAsync();
    }

    private void Abandon(PosixSignal signal)
    {
        var code = (int)(_settled ?? (signal == PosixSignal.SIGTERM ? ExitCode.Terminated : ExitCode.Interrupted));
        if (!OperatingSystem.IsWindows())
            new Thread(() => EndAnyway(code)) { IsBackground = true }.Start();
        _abandon?.Invoke();
        Environment.Exit(code);
    }

    /// <summary>Ends the process where its own way of ending waits for something.</summary>
    private static void EndAnyway(int code)
    {
        Thread.Sleep(s_lastGrace);
        SystemCalls.ExitNow(code);
    }
}
