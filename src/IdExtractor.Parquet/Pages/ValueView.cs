namespace IdExtractor.Parquet.Pages;

/// <summary>
/// Non-null values that stand in memory: either one after another, each <see cref="Width"/> bytes, or anywhere in <see cref="Data"/> as offsets and lengths tell.
/// Valid until whoever made it goes on.
/// </summary>
public unsafe struct ValueView
{
    /// <summary>What offsets count from; the first value when the width is fixed.</summary>
    public byte* Data { readonly get; set; }

    /// <summary>Where each value begins; null when the width is fixed.</summary>
    public int* Offsets { readonly get; set; }

    /// <summary>Bytes of each value; null when the width is fixed.</summary>
    public int* Lengths { readonly get; set; }

    /// <summary>Bytes of every value; 0 when each has its own length.</summary>
    public int Width { readonly get; set; }

    /// <summary>Number of values.</summary>
    public int Count { readonly get; set; }

    /// <summary>One value.</summary>
    /// <param name="index">0 up to <see cref="Count"/> - 1; not checked.</param>
    public readonly ReadOnlySpan<byte> this[int index] => Offsets == null
        ? new ReadOnlySpan<byte>(Data + (long)index * Width, Width)
        : new ReadOnlySpan<byte>(Data + Offsets[index], Lengths[index]);

    /// <summary>Some of the values, in the same place.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many; not checked.</param>
    public readonly ValueView Slice(int first, int count) => Offsets == null
        ? new ValueView { Data = Data + ((long)first * Width), Width = Width, Count = count }
        : new ValueView { Data = Data, Offsets = Offsets + first, Lengths = Lengths + first, Count = count };
}
