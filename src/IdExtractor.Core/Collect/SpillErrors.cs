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

    public static IdExtractorException Of(Exception error, string folder) =>
        TemporaryFolder.FindPermanent(error, folder, "write a spill file", OtherFolder) is { } permanent
            ? permanent
            : error.HResult is NoSpace or QuotaExceeded or WindowsDiskFull
            ? new TransientException(
                "The disk is full while IDs are being spilled", ErrorPlace.Of(folder),
                "free space in this folder, choose another with TMPDIR, or raise --max-memory", error)
            : new TransientException($"A spill file failed ({LocalErrors.TextOf(error)})", ErrorPlace.Of(folder),
                "check the disk, choose another temporary folder with TMPDIR, or raise --max-memory", error);

    public static TransientException Damaged(string folder) =>
        new("A spill file is not as it was written", ErrorPlace.Of(folder), "check the disk and run again");
}
