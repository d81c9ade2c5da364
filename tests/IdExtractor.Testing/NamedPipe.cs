using System.ComponentModel;
using System.Runtime.InteropServices;

namespace IdExtractor.Testing;

/// <summary>Named pipes of Unix systems, which have a name in a folder and block whoever opens them.</summary>
internal static partial class NamedPipe
{
    private const uint OwnerOnly = 0x180;

    /// <summary>Makes one that nobody has opened.</summary>
    public static void Make(string path)
    {
        if (MakeFifo(path, OwnerOnly) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int MakeFifo(string path, uint mode);
}
