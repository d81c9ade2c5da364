using IdExtractor.Core.Errors;

namespace IdExtractor.Core.Collect;

/// <summary>What a failure of the disk under spill files means for the run.</summary>
internal static class SpillErrors
{
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public static IdExtractorException Of(Exception error, string folder) => error switch
    {
        UnauthorizedAccessException => new ConfigurationException("The temporary folder may not be written to", ErrorPlace.Of(folder),
            "choose another with TMPDIR, or raise --max-memory so that IDs need not be spilled", error),
        { HResult: NoSpace or QuotaExceeded or WindowsDiskFull } => new TransientException("The disk is full while IDs are being spilled", ErrorPlace.Of(folder),
            "free space in this folder, choose another with TMPDIR, or raise --max-memory", error),
        _ => new TransientException($"A spill file failed: {error.Message}", ErrorPlace.Of(folder),
            "check the disk, choose another temporary folder with TMPDIR, or raise --max-memory", error),
    };

    public static TransientException Damaged(string folder) =>
        new("A spill file is not as it was written", ErrorPlace.Of(folder), "check the disk and run again");
}
