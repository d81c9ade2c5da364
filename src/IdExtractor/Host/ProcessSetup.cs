namespace IdExtractor.Host;

/// <summary>What is settled about the process before anything else runs in it.</summary>
internal static class ProcessSetup
{
    private const int StandardStreams = 3;

    /// <summary>Settles it.</summary>
    public static void Run()
    {
        if (OperatingSystem.IsWindows())
            return;

        // The memory of a run holds every CPF and ID.
        SystemCalls.DisableCoreDumps();
        SystemCalls.IgnoreFileSizeSignal();
        PlugClosedStreams();
    }

    /// <summary>
    /// Opens the null device in place of a standard stream that is closed: the next file that is
    /// opened would take its number, and receive what is meant for the stream.
    /// </summary>
    private static void PlugClosedStreams()
    {
        for (var descriptor = 0; descriptor < StandardStreams; descriptor++)
        {
            if (!SystemCalls.IsClosed(descriptor))
                continue;
            if (descriptor > 0)
                StandardStream.Missing.Add(descriptor);
            if (SystemCalls.OpenNull() != descriptor)
                return;
        }

        // Where the runtime was faster, the number belongs to one of its own files.
        for (var descriptor = 1; descriptor < StandardStreams; descriptor++)
        {
            if (!SystemCalls.WasGiven(descriptor))
                StandardStream.Missing.Add(descriptor);
        }
    }
}
