using System.Text;
using IdExtractor.Host;
using IdExtractor.Phrases;

namespace IdExtractor.Display;

/// <summary>
/// The bar itself: one line that is drawn again and again, at the width that the terminal has at
/// that moment. The cursor waits at the line's beginning, so that a terminal that breaks the line
/// when it becomes narrower leaves nothing of it behind.
/// </summary>
internal sealed class LiveBar(Terminal terminal, Speech speech)
{
    private const string Clear = "\r\e[J", HideCursor = "\e[?25l", ShowCursor = "\e[?25h";

    private static readonly TimeSpan s_refresh = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly BarLine _line = new(terminal.ErrorIsColored, BarLine.IsUnicode(Environment.GetEnvironmentVariable), speech);
    private int _width;
    private string _shown = "";
    private bool _isStopped;

    /// <summary>Draws until the run is over, then removes the bar.</summary>
    public void Draw(ProgressMeter meter, ManualResetEventSlim over)
    {
        using var pause = new TerminalPause(Leave, Return);
        terminal.DetourError(Above);
        try
        {
            lock (_gate)
                Write(HideCursor);
            do
            {
                var sample = meter.Sample();
                lock (_gate)
                    Refresh(sample);
            }
            while (!over.Wait(s_refresh));
        }
        finally
        {
            terminal.DetourError(null);
            Leave();
        }
    }

    private static void Write(string text)
    {
        try
        {
            StandardStream.Error.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (IOException)
        {
            // A terminal that is gone shows nothing, and must not end the run.
        }
    }

    private void Refresh(ProgressSample sample)
    {
        // In the background the terminal belongs to another program.
        if (_isStopped || !SystemCalls.IsInForeground())
            return;
        var width = SystemCalls.WidthOf(2) is > 0 and var columns ? columns : BarLine.UsualWidth;
        var start = width == _width ? "\r" : Clear;
        _width = width;
        _shown = $"{_line.Of(sample, width - 1)}\e[K\r";
        Write(start + _shown);
    }

    /// <summary>Writes a line above the bar.</summary>
    private void Above(string line)
    {
        lock (_gate)
            Write($"{Clear}{line}\n{(_isStopped ? "" : _shown)}");
    }

    /// <summary>Gives the terminal back as it was.</summary>
    private void Leave()
    {
        lock (_gate)
        {
            _isStopped = true;
            Write(Clear + ShowCursor);
        }
    }

    private void Return()
    {
        lock (_gate)
        {
            _isStopped = false;
            _width = 0;
            Write(HideCursor);
        }
    }
}
