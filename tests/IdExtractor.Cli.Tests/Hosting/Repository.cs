using System.Runtime.CompilerServices;

namespace IdExtractor.Cli.Tests.Hosting;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>Its folder.</summary>
    public static string Root { get; } = Find();

    /// <summary>The folder of the sample job.</summary>
    public static string Samples { get; } = Path.Combine(Root, "samples");

    private static string Find([CallerFilePath] string here = "")
    {
        var folder = Directory.GetParent(here);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IdExtractor.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The solution's folder is not above this file.");
    }
}
