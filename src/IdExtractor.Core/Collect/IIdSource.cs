namespace IdExtractor.Core.Collect;

/// <summary>Distinct IDs in ordinal byte order, one after the other.</summary>
internal interface IIdSource : IDisposable
{
    /// <summary>The ID at hand, valid until the next <see cref="MoveNext"/>.</summary>
    ReadOnlySpan<byte> Current { get; }

    /// <summary>Steps to the next ID, at first to the first one; false after the last.</summary>
    bool MoveNext();
}
