using System.Runtime.InteropServices;

namespace IdExtractor.Host;

/// <summary>
/// Ctrl-Z while the terminal is in use: it is given back before the process stops, and taken again
/// when the process goes on. The stop itself is the system's own, so that shells see what
/// they expect.
/// </summary>
internal sealed class TerminalPause : IDisposable
{
    private static readonly TimeSpan s_delivery = TimeSpan.FromMilliseconds(20);

    private readonly Action _leave;
    private readonly Action _return;
    private readonly Lock _gate = new();
    private PosixSignalRegistration? _registration;
    private bool _isOver;

    /// <param name="leave">Gives the terminal back.</param>
    /// <param name="return">Takes it again.</param>
    public TerminalPause(Action leave, Action @return)
    {
        (_leave, _return) = (leave, @return);
        Register();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            _registration?.Dispose();
        }
    }

    private void Register()
    {
        lock (_gate)
        {
            if (!_isOver && !OperatingSystem.IsWindows())
                _registration = PosixSignalRegistration.Create(PosixSignal.SIGTSTP, Pause);
        }
    }

    private void Pause(PosixSignalContext context)
    {
        context.Cancel = true;
        _leave();
        lock (_gate)
            _registration?.Dispose();

        // Without a handler the signal stops the process; it goes on here when it is continued.
        SystemCalls.StopThisProcess();
        Thread.Sleep(s_delivery);
        _return();
        Register();
    }
}
