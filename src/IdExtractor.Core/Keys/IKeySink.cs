namespace IdExtractor.Core.Keys;

/// <summary>Takes the keys that are made from Table A. Not called from two threads at once.</summary>
public interface IKeySink
{
    /// <summary>Adds a key, which may have been added before. The span is only valid during the call.</summary>
    void Add(ReadOnlySpan<byte> key);
}
