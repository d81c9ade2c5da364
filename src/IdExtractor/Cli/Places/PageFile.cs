using System.Text;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Cli.Places;

/// <summary>
/// A page for people. It is written in place, so that links are followed, and devices and pipes are
/// never replaced.
/// </summary>
internal static class PageFile
{
    /// <summary>Writes it.</summary>
    /// <exception cref="ConfigurationException">Nothing can be written there.</exception>
    public static void Write(string path, string page)
    {
        try
        {
            using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
            if (file.CanSeek)
                file.SetLength(0);
            file.Write(Encoding.UTF8.GetBytes(page));
        }
        catch (Exception error) when (error is DirectoryNotFoundException or UnauthorizedAccessException)
        {
            var problem = error is DirectoryNotFoundException
                ? "The page cannot be written, because its folder does not exist"
                : "The page cannot be written";
            throw new ConfigurationException(problem, ErrorPlace.Of(path), "check --html", error);
        }
    }
}
