namespace IdExtractor.Foundation.Errors;

/// <summary>An option, environment variable or config entry is wrong. Exit 2.</summary>
public sealed class UsageException(string problem, string? advice = null)
    : IdExtractorException(ExitCode.Usage, problem, null, advice, null);

/// <summary>
/// Something named in the configuration does not exist or may not be touched. Exit 3.
/// </summary>
public sealed class ConfigurationException(string problem, ErrorPlace? place = null, string? advice = null, Exception? inner = null)
    : IdExtractorException(ExitCode.Configuration, problem, place, advice, inner);

/// <summary>A guard before promotion stopped the run, or the result is empty. Exit 4.</summary>
/// <param name="problem">What is wrong.</param>
/// <param name="place">Where.</param>
/// <param name="advice">What to do about it.</param>
public sealed class GuardException(string problem, ErrorPlace? place = null, string? advice = null)
    : IdExtractorException(ExitCode.Guard, problem, place, advice, null)
{
    /// <summary>The same with other advice.</summary>
    public GuardException With(string advice) => new(Message, Place, advice);
}

/// <summary>Bytes read back differ from what was written or recorded. Exit 5.</summary>
public sealed class VerificationException(string problem, ErrorPlace? place = null, string? advice = null, Exception? inner = null)
    : IdExtractorException(ExitCode.VerificationFailed, problem, place, advice, inner);

/// <summary>The partition is absent, empty or stale. Exit 6.</summary>
public sealed class PartitionException(string problem, ErrorPlace? place = null, string? advice = null)
    : IdExtractorException(ExitCode.Partition, problem, place, advice, null);

/// <summary>
/// A value or a schema is not what the job can work with, though the file is sound. Exit 7.
/// </summary>
public sealed class InputDataException(string problem, ErrorPlace? place = null, string? advice = null)
    : IdExtractorException(ExitCode.BadInput, problem, place, advice, null);

/// <summary>A file breaks the Parquet, gzip or CSV format: cut, flipped, lying. Exit 7.</summary>
public sealed class CorruptFileException(string problem, ErrorPlace? place = null, string? advice = null, Exception? inner = null)
    : IdExtractorException(ExitCode.BadInput, problem, place, advice, inner);

/// <summary>A file, or the keys, would take more memory than the run may take. Exit 7.</summary>
public sealed class MemoryLimitException(string problem, ErrorPlace? place = null, string? advice = null)
    : IdExtractorException(ExitCode.BadInput, problem, place, advice, null);

/// <summary>
/// A sound file uses something this program does not read: encryption, nested columns, LZO. Exit 7.
/// </summary>
public sealed class UnsupportedFileException(string problem, ErrorPlace? place = null, string? advice = null)
    : IdExtractorException(ExitCode.BadInput, problem, place, advice, null);

/// <summary>A temporary failure: the same run may succeed later. Exit 75.</summary>
public class TransientException(string problem, ErrorPlace? place = null, string? advice = null, Exception? inner = null)
    : IdExtractorException(ExitCode.Transient, problem, place, advice, inner);

/// <summary>An object is no longer the one that was pinned when the run began. Exit 75.</summary>
public sealed class ObjectChangedException(string problem, ErrorPlace? place = null)
    : TransientException(problem, place, "run again when the writer of this object has finished");

/// <summary>
/// A key that must be free is taken. Exit 75: the caller usually picks another name first.
/// </summary>
public sealed class ObjectExistsException(string problem, ErrorPlace? place = null)
    : TransientException(problem, place);
