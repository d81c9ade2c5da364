namespace IdExtractor.Testing.Programs;

/// <summary>
/// Where the sources are: the folder with the solution file, above the built tests.
/// </summary>
internal static class RepositoryRoot
{
    /// <summary>Its full path.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "IdExtractor.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The tests do not run from below the repository.");
    }
}
