using System.IO.MemoryMappedFiles;

namespace IdExtractor.Fuzz.Fuzzing;

/// <summary>
/// Keeps the current input in a mapped file, where it survives a crash of the process, and ends the
/// process when one input takes too long. Removes the file when all is well.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    /// <summary>The largest input that is kept.</summary>
    private const int Capacity = 64 << 20;

    private readonly string _path;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly Timer _timer;
    private readonly TimeSpan _patience;
    private long _startedAt;

    /// <summary>Begins to watch.</summary>
    /// <param name="folder">Where inputs are kept.</param>
    /// <param name="patience">What one input may take.</param>
    /// <param name="exit">Ends the process.</param>
    public Watchdog(string folder, TimeSpan patience, Action<string> exit)
    {
        Directory.CreateDirectory(folder);
        _path = Path.Combine(folder, $"at-hand-{Environment.ProcessId}.parquet");
        _file = MemoryMappedFile.CreateFromFile(_path, FileMode.Create, null, Capacity);
        _view = _file.CreateViewAccessor();
        _patience = patience;
        _timer = new Timer(_ => Look(exit), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>Records the next input. The first four bytes of the file hold its length.</summary>
    public void Begin(byte[] input)
    {
        var length = Math.Min(input.Length, Capacity - sizeof(int));
        _view.Write(0, length);
        _view.WriteArray(sizeof(int), input, 0, length);
        Interlocked.Exchange(ref _startedAt, Environment.TickCount64);
    }

    /// <summary>Records that the input is done.</summary>
    public void End() => Interlocked.Exchange(ref _startedAt, 0);

    public void Dispose()
    {
        _timer.Dispose();
        _view.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }

    private void Look(Action<string> exit)
    {
        var startedAt = Interlocked.Read(ref _startedAt);
        if (startedAt != 0 && Environment.TickCount64 - startedAt > _patience.TotalMilliseconds)
            exit(_path);
    }
}
