using IdExtractor.Foundation.Bytes;

namespace IdExtractor.Core.Collect;

/// <summary>Distinct ids in ordinal byte order, one after another.</summary>
internal interface IIdSource : IDisposable
{
    /// <summary>The current id, valid until the next <see cref="MoveNext"/>.</summary>
    ReadOnlySpan<byte> Current { get; }

    /// <summary>
    /// Eight bytes of the current id as a number (<see cref="ByteOrder.WordAt"/>). They start at a
    /// depth up to which all ids of this source, and of the sources merged with it, agree.
    /// </summary>
    ulong Word { get; }

    /// <summary>Moves to the next id, at first to the first one; false after the last.</summary>
    bool MoveNext();
}
