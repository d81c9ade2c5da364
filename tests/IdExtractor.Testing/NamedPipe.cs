using System.ComponentModel;
using System.Runtime.InteropServices;

namespace IdExtractor.Testing;

/// <summary>
/// Named pipes of Unix systems, which have a name in a folder and block the process that opens
/// them.
/// </summary>
internal static partial class NamedPipe
{
    private const uint OwnerOnly = 0x180;

    /// <summary>Creates a pipe that is not open anywhere.</summary>
    public static void Make(string path)
    {
        if (MakeFifo(path, OwnerOnly) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int MakeFifo(string path, uint mode);
}
