namespace IdExtractor.Core.Keys;

/// <summary>Takes the keys made from Table A. Not thread safe.</summary>
public interface IKeySink
{
    /// <summary>
    /// Adds a key, which may have been added before. The span is only valid during the call.
    /// </summary>
    void Add(ReadOnlySpan<byte> key);
}
