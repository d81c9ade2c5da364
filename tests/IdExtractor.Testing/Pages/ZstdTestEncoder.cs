using System.Runtime.InteropServices;
using Xunit;

namespace IdExtractor.Testing.Pages;

/// <summary>
/// A test that compresses with libzstd. Where that is missing it is skipped; but with
/// <c>CI=true</c> it runs, and fails.
/// </summary>
public sealed class LibzstdFactAttribute : FactAttribute
{
    public LibzstdFactAttribute()
    {
        if (!ZstdTestEncoder.IsPresent && Environment.GetEnvironmentVariable("CI") != "true")
            Skip = "libzstd is not installed; CI=true demands it.";
    }
}

/// <summary>The same for a theory.</summary>
public sealed class LibzstdTheoryAttribute : TheoryAttribute
{
    public LibzstdTheoryAttribute()
    {
        if (!ZstdTestEncoder.IsPresent && Environment.GetEnvironmentVariable("CI") != "true")
            Skip = "libzstd is not installed; CI=true demands it.";
    }
}

/// <summary>Parameters of a frame for libzstd, with the numbers of ZSTD_cParameter.</summary>
internal enum ZstdParameter
{
    Level = 100,
    WindowLog = 101,
    MinMatch = 105,
    TargetLength = 106,
    Strategy = 107,
    LongDistance = 160,
    ContentSize = 200,
    Checksum = 201,
}

/// <summary>libzstd's compressor.</summary>
internal static unsafe class ZstdTestEncoder
{
    private static readonly nint Library = Load();

    public static bool IsPresent => Library != 0;

    /// <summary>
    /// One frame of the whole content, or of parts that are flushed, so that each has blocks of its
    /// own.
    /// </summary>
    public static byte[] Compress(byte[] content, int? partLength, params (ZstdParameter Parameter, int Value)[] parameters)
    {
        Assert.True(IsPresent, "libzstd is not installed, and CI=true demands it.");
        var context = ((delegate* unmanaged[Cdecl]<nint>)Export("ZSTD_createCCtx"))();
        try
        {
            var setParameter = (delegate* unmanaged[Cdecl]<nint, int, int, nuint>)Export("ZSTD_CCtx_setParameter");
            foreach (var (parameter, value) in parameters)
                Check(setParameter(context, (int)parameter, value));
            return partLength is { } length ? CompressParts(context, content, length) : CompressWhole(context, content);
        }
        finally
        {
            ((delegate* unmanaged[Cdecl]<nint, nuint>)Export("ZSTD_freeCCtx"))(context);
        }
    }

    /// <summary>
    /// A random frame: level -5 to 19, with or without checksum and size, whole or in parts, with
    /// odd settings at times.
    /// </summary>
    public static byte[] CompressAnyWay(Random random, byte[] content)
    {
        var parameters = new List<(ZstdParameter, int)>
        {
            (ZstdParameter.Level, random.Next(-5, 20)),
            (ZstdParameter.Checksum, random.Next(2)),
            (ZstdParameter.ContentSize, random.Next(2)),
        };
        if (random.Next(3) == 0)
            parameters.Add((ZstdParameter.WindowLog, random.Next(10, 22)));
        if (random.Next(4) == 0)
            parameters.Add((ZstdParameter.MinMatch, random.Next(3, 8)));
        if (random.Next(4) == 0)
            parameters.Add((ZstdParameter.Strategy, random.Next(1, 10)));
        if (random.Next(8) == 0)
            parameters.Add((ZstdParameter.LongDistance, 1));
        int? parts = random.Next(3) == 0 ? 1 + random.Next(1 + (content.Length / 3)) : null;
        return Compress(content, parts, [.. parameters]);
    }

    private static byte[] CompressWhole(nint context, byte[] content)
    {
        var output = new byte[Bound(content.Length)];
        var compress = (delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nuint>)Export("ZSTD_compress2");
        fixed (byte* to = output)
        fixed (byte* from = content)
        {
            var length = Check(compress(context, to, (nuint)output.Length, from, (nuint)content.Length));
            return output[..(int)length];
        }
    }

    private static byte[] CompressParts(nint context, byte[] content, int partLength)
    {
        const int Flush = 1;
        const int End = 2;
        var compress = (delegate* unmanaged[Cdecl]<nint, Buffer*, Buffer*, int, nuint>)Export("ZSTD_compressStream2");
        var output = new byte[Bound(content.Length) + (32 * (1 + (content.Length / partLength)))];
        fixed (byte* to = output)
        fixed (byte* from = content)
        {
            var target = new Buffer { Start = to, Length = (nuint)output.Length };
            var source = new Buffer { Start = from };
            do
            {
                source.Length = Math.Min(source.Length + (nuint)partLength, (nuint)content.Length);
                var operation = source.Length == (nuint)content.Length ? End : Flush;
                while (Check(compress(context, &target, &source, operation)) != 0)
                {
                }
            }
            while (source.Length < (nuint)content.Length);
            return output[..(int)target.Position];
        }
    }

    private static int Bound(int length) => length + (length / 128) + 512;

    private static nuint Check(nuint result)
    {
        Assert.Equal(0u, ((delegate* unmanaged[Cdecl]<nuint, uint>)Export("ZSTD_isError"))(result));
        return result;
    }

    private static nint Export(string name) => NativeLibrary.GetExport(Library, name);

    private static nint Load()
    {
        string[] names =
        [
            "libzstd.so.1", "libzstd.so", "libzstd.1.dylib", "/opt/homebrew/lib/libzstd.1.dylib", "/usr/local/lib/libzstd.1.dylib",
            "libzstd.dll", "zstd.dll",
        ];
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var handle))
                return handle;
        }

        return 0;
    }

    private struct Buffer
    {
        public byte* Start;
        public nuint Length;
        public nuint Position;
    }
}
