using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Collect;

/// <summary>Maps a disk failure under the spill files to the error of the run.</summary>
internal static class SpillErrors
{
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    private const string OtherFolder = "choose another with TMPDIR, or raise --max-memory so that IDs need not be spilled";

    public static IdExtractorException Of(Exception error, string folder) => error switch
    {
        UnauthorizedAccessException =>
            new ConfigurationException("The temporary folder may not be written to", ErrorPlace.Of(folder), OtherFolder, error),
        { HResult: NoSpace or QuotaExceeded or WindowsDiskFull } => new TransientException(
            "The disk is full while IDs are being spilled", ErrorPlace.Of(folder),
            "free space in this folder, choose another with TMPDIR, or raise --max-memory", error),
        _ when File.Exists(Path.TrimEndingDirectorySeparator(folder)) => new ConfigurationException(
            "The temporary folder is a file", ErrorPlace.Of(folder), OtherFolder, error),
        DirectoryNotFoundException =>
            new ConfigurationException("The temporary folder does not exist and cannot be made", ErrorPlace.Of(folder), OtherFolder, error),
        _ when LocalErrors.Translate(error, "write a spill file", folder) is ConfigurationException known =>
            new ConfigurationException(known.Message, ErrorPlace.Of(folder), $"{known.Advice}; or {OtherFolder}", error),
        _ => new TransientException($"A spill file failed ({LocalErrors.TextOf(error)})", ErrorPlace.Of(folder),
            "check the disk, choose another temporary folder with TMPDIR, or raise --max-memory", error),
    };

    public static TransientException Damaged(string folder) =>
        new("A spill file is not as it was written", ErrorPlace.Of(folder), "check the disk and run again");
}
