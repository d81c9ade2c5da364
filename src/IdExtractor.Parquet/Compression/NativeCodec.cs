using System.Reflection;
using System.Runtime.InteropServices;

namespace IdExtractor.Parquet.Compression;

/// <summary>
/// Finds the functions of a native library: in the program itself, into which a published program
/// links them (NativeCodecs.targets), or else in a shared library of the machine. Having neither is
/// not a failure.
/// </summary>
internal static class NativeCodec
{
    /// <summary>
    /// Finds functions in the program itself. False for programs that do not contain them.
    /// </summary>
    public static bool TryFindLinked(ReadOnlySpan<string> functions, Span<nint> addresses) =>
        TryFind(NativeLibrary.GetMainProgramHandle(), functions, addresses);

    /// <summary>Finds functions in the first of the named libraries that has them all.</summary>
    /// <param name="names">File names or paths, tried in this order.</param>
    /// <param name="functions">Names of the functions.</param>
    /// <param name="addresses">Receives their addresses, in the same order.</param>
    /// <returns>False when no library has them all.</returns>
    public static bool TryFindShared(IEnumerable<string> names, ReadOnlySpan<string> functions, Span<nint> addresses)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, Assembly.GetExecutingAssembly(), DllImportSearchPath.SafeDirectories, out var handle)
                && TryFind(handle, functions, addresses))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryFind(nint handle, ReadOnlySpan<string> functions, Span<nint> addresses)
    {
        for (var i = 0; i < functions.Length; i++)
        {
            if (!NativeLibrary.TryGetExport(handle, functions[i], out addresses[i]))
                return false;
        }

        return true;
    }
}
