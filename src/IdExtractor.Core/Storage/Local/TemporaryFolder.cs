using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Storage.Local;

/// <summary>
/// Failures of the folder for temporary files (TMPDIR) that another run would meet again.
/// </summary>
internal static class TemporaryFolder
{
    /// <summary>
    /// The error for a folder that cannot be used, or for a limit of the system; null for a failure
    /// that may be temporary.
    /// </summary>
    /// <param name="error">One that <see cref="LocalErrors.Knows"/>.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="operation">What was being done, as an infinitive phrase.</param>
    /// <param name="otherFolder">How to choose another folder, as advice.</param>
    public static ConfigurationException? FindPermanent(Exception error, string folder, string operation, string otherFolder) =>
        error switch
        {
            UnauthorizedAccessException =>
                new ConfigurationException("The temporary folder may not be written to", ErrorPlace.Of(folder), otherFolder, error),
            _ when File.Exists(Path.TrimEndingDirectorySeparator(folder)) =>
                new ConfigurationException("The temporary folder is a file", ErrorPlace.Of(folder), otherFolder, error),
            DirectoryNotFoundException => new ConfigurationException(
                "The temporary folder does not exist and cannot be made", ErrorPlace.Of(folder), otherFolder, error),
            _ when LocalErrors.Translate(error, operation, folder) is ConfigurationException known =>
                new ConfigurationException(known.Message, ErrorPlace.Of(folder), $"{known.Advice}; or {otherFolder}", error),
            _ => null,
        };
}
