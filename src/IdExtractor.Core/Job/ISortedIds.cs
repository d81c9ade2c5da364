using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Job;

/// <summary>
/// The distinct IDs in ordinal byte order, read once from first to last. Reading may touch spill
/// files, so it may raise <see cref="TransientException"/>. Disposing removes every spill file.
/// </summary>
public interface ISortedIds : IDisposable
{
    /// <summary>The next ID; false after the last. The span is valid until the next call.</summary>
    bool TryNext(out ReadOnlySpan<byte> id);
}
