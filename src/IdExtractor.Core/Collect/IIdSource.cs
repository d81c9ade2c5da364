using IdExtractor.Foundation.Bytes;

namespace IdExtractor.Core.Collect;

/// <summary>Distinct IDs in ordinal byte order, one after the other.</summary>
internal interface IIdSource : IDisposable
{
    /// <summary>The ID at hand, valid until the next <see cref="MoveNext"/>.</summary>
    ReadOnlySpan<byte> Current { get; }

    /// <summary>
    /// Eight bytes of the ID at hand as a number, from a depth up to which all IDs of this source, and of those that it is merged with, agree (<see cref="ByteOrder.WordAt"/>).
    /// </summary>
    ulong Word { get; }

    /// <summary>Steps to the next ID, at first to the first one; false after the last.</summary>
    bool MoveNext();
}
