namespace IdExtractor.Core.Keys;

/// <summary>Takes the keys made from Table A. Not thread safe.</summary>
public interface IKeySink
{
    /// <summary>
    /// Adds a key, which may have been added before. The span is only valid during the call.
    /// </summary>
    void Add(ReadOnlySpan<byte> key);

    /// <summary>
    /// Adds keys of 8 to 16 digits, which may have been added before. The span is only valid during
    /// the call.
    /// </summary>
    /// <param name="words">Their words, see <see cref="PackedDigits"/>.</param>
    /// <param name="length">The length of each, 8 to 16.</param>
    void AddDigits(ReadOnlySpan<ulong> words, int length);
}
