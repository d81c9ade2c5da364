namespace IdExtractor.Display;

/// <summary>
/// Shows how far a run is. It shows something only once the run has taken a while, and disposing it
/// tidies the terminal.
/// </summary>
internal interface IDisplay : IDisposable
{
    /// <summary>Leaves the terminal usable when the process is about to exit at once.</summary>
    void Abandon();
}

/// <summary>Shows nothing.</summary>
internal sealed class SilentDisplay : IDisplay
{
    /// <inheritdoc/>
    public void Abandon()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
