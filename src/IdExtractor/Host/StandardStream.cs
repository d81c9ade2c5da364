using System.Runtime.InteropServices;

namespace IdExtractor.Host;

/// <summary>
/// Stdout or stderr. It may be closed, full, or a pipe that no process reads: writing waits then,
/// as every program does, but no longer than the run does. Once the run is being cancelled, what
/// cannot be written at once is dropped.
/// </summary>
internal sealed class StandardStream(int descriptor)
{
    private const int WaitMilliseconds = 50;
    private const int LastWaitMilliseconds = 500;
    private const int BadDescriptor = 9;

    /// <summary>A pipe that is reported as writable has room for that much (PIPE_BUF).</summary>
    private static readonly int s_pipeRoom = OperatingSystem.IsLinux() ? 4096 : 512;

    private static volatile bool s_isHurried;
    private readonly Lock _gate = new();
    private Stream? _stream;
    private bool _isGivenUp;

    /// <summary>Standard output.</summary>
    public static StandardStream Output { get; } = new(1);

    /// <summary>Standard error.</summary>
    public static StandardStream Error { get; } = new(2);

    /// <summary>Numbers of those that were closed when the process began.</summary>
    public static ISet<int> Missing { get; } = new HashSet<int>();

    /// <summary>From now on nothing waits for a reader.</summary>
    public static void Hurry() => s_isHurried = true;

    /// <summary>It was open when the process began.</summary>
    public bool IsThere => !Missing.Contains(descriptor);

    /// <summary>Writes all bytes, one writer at a time.</summary>
    /// <exception cref="IOException">
    /// It is closed or cannot be written, for example on a full disk. A reader that has gone away
    /// is ignored.
    /// </exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (!IsThere)
            throw new IOException("It is closed", BadDescriptor);
        if (OperatingSystem.IsWindows())
        {
            lock (_gate)
                (_stream ??= descriptor == 1 ? Console.OpenStandardOutput() : Console.OpenStandardError()).Write(bytes);
            return;
        }

        while (!_gate.TryEnter(WaitMilliseconds))
        {
            // Another thread waits for the reader.
            if (s_isHurried)
                return;
        }

        try
        {
            WriteInPieces(bytes);
        }
        finally
        {
            _gate.Exit();
        }
    }

    private void WriteInPieces(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (!WaitForRoom())
                return;
            var written = SystemCalls.Write(descriptor, bytes[..Math.Min(bytes.Length, s_pipeRoom)]);
            if (written >= 0)
            {
                bytes = bytes[(int)written..];
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == SystemCalls.BrokenPipe)
                return;
            if (error is not (SystemCalls.Interrupted or SystemCalls.TryAgainLinux or SystemCalls.TryAgainMac))
                throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
        }
    }

    /// <summary>False when the rest is to be dropped.</summary>
    private bool WaitForRoom()
    {
        while (!_isGivenUp)
        {
            var isHurried = s_isHurried;
            if (SystemCalls.WaitUntilWritable(descriptor, isHurried ? LastWaitMilliseconds : WaitMilliseconds))
                return true;
            _isGivenUp = isHurried;
        }

        return false;
    }
}
