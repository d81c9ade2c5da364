using System.IO.MemoryMappedFiles;
using BenchmarkDotNet.Attributes;
using IdExtractor.Bench.Measuring;
using Microsoft.Win32.SafeHandles;

namespace IdExtractor.Bench.Feeding;

/// <summary>
/// Reads a file that is in the page cache: into a small buffer, as the local store does, or through
/// a mapping. An operation is the whole file, mapped again each time, as in a real run. Each byte
/// is loaded once, in steps as large as the scan's reads. The limit is <see cref="Loads"/>, the
/// same loads from memory that is already mapped.
/// </summary>
public unsafe class FileFeedBenchmarks : IDisposable
{
    private const int Bytes = 256 << 20;
    private const int Step = 512 << 10;

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"idextractor-bench-{Guid.NewGuid():n}");
    private readonly byte[] _piece = new byte[Step];
    private SafeFileHandle _file = null!;

    /// <summary>Makes the file.</summary>
    [GlobalSetup]
    public void Setup()
    {
        new Random(1).NextBytes(_piece);
        _file = File.OpenHandle(_path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        for (var at = 0; at < Bytes; at += Step)
            RandomAccess.Write(_file, _piece, at);
    }

    /// <summary>The limit: the loads alone.</summary>
    [Benchmark(Baseline = true)]
    [OutputBytes(Bytes)]
    public ulong Loads()
    {
        var sum = 0UL;
        fixed (byte* piece = _piece)
        {
            for (var at = 0; at < Bytes; at += Step)
                sum += Sum(piece);
        }

        return sum;
    }

    /// <summary>Read by steps into one buffer.</summary>
    [Benchmark]
    [OutputBytes(Bytes)]
    public ulong Read()
    {
        var sum = 0UL;
        fixed (byte* piece = _piece)
        {
            for (var at = 0; at < Bytes; at += Step)
            {
                if (RandomAccess.Read(_file, _piece, at) != Step)
                    throw new InvalidOperationException("The file is shorter than it was made.");
                sum += Sum(piece);
            }
        }

        return sum;
    }

    /// <summary>Mapped.</summary>
    [Benchmark]
    [OutputBytes(Bytes)]
    public ulong Mapped()
    {
        using var mapping = MemoryMappedFile.CreateFromFile(
            _file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        using var view = mapping.CreateViewAccessor(0, Bytes, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            var sum = 0UL;
            for (var at = 0; at < Bytes; at += Step)
                sum += Sum(start + at);
            return sum;
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        GC.SuppressFinalize(this);
    }

    private static ulong Sum(byte* piece)
    {
        ulong a = 0, b = 0, c = 0, d = 0;
        var words = (ulong*)piece;
        for (var i = 0; i < Step / sizeof(ulong); i += 4)
        {
            a += words[i];
            b += words[i + 1];
            c += words[i + 2];
            d += words[i + 3];
        }

        return a + b + c + d;
    }
}
