using System.Diagnostics;
using IdExtractor.Testing;

namespace IdExtractor.Core.Tests.History;

/// <summary>
/// Entries of a folder that are no files, one of each kind, and two that have the name of a stage
/// file. .NET can neither make nor remove a name that is not UTF-8, so a shell does.
/// </summary>
internal sealed class OddEntries : IDisposable
{
    private readonly string _folder;

    public OddEntries(string folder)
    {
        _folder = folder;
        File.CreateSymbolicLink(Path.Combine(folder, "dangling"), "nowhere");
        File.CreateSymbolicLink(Path.Combine(folder, "one"), "two");
        File.CreateSymbolicLink(Path.Combine(folder, "two"), "one");
        Directory.CreateSymbolicLink(Path.Combine(folder, "again"), ".");
        NamedPipe.Make(Path.Combine(folder, "stage_20240101_000000.txt.gz"));
        File.CreateSymbolicLink(Path.Combine(folder, "stage_20240102_000000.txt.gz"), "nowhere");
        Shell(": > \"$(printf 'caf\\351')\"");
    }

    public void Dispose() => Shell("rm -- caf*");

    private void Shell(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { WorkingDirectory = _folder })!;
        shell.WaitForExit();
    }
}
