namespace IdExtractor.Parquet.Pages;

/// <summary>
/// Non-null values in memory: either contiguous, each <see cref="Width"/> bytes long, or anywhere
/// in <see cref="Data"/> as given by offsets and lengths. Valid until the next call to the object
/// that created the view.
/// </summary>
public unsafe struct ValueView
{
    /// <summary>The base of the offsets; the first value when the width is fixed.</summary>
    public byte* Data { readonly get; set; }

    /// <summary>
    /// Start of each value, relative to <see cref="Data"/>; null when the width is fixed.
    /// </summary>
    public int* Offsets { readonly get; set; }

    /// <summary>Length of each value in bytes; null when the width is fixed.</summary>
    public int* Lengths { readonly get; set; }

    /// <summary>Length of every value in bytes; 0 when each has its own length.</summary>
    public int Width { readonly get; set; }

    /// <summary>Number of values.</summary>
    public int Count { readonly get; set; }

    /// <summary>One value.</summary>
    /// <param name="index">0 up to <see cref="Count"/> - 1; not checked.</param>
    public readonly ReadOnlySpan<byte> this[int index] => Offsets == null
        ? new ReadOnlySpan<byte>(Data + (long)index * Width, Width)
        : new ReadOnlySpan<byte>(Data + Offsets[index], Lengths[index]);

    /// <summary>A view of some of the values, without a copy.</summary>
    /// <param name="first">Index of the first value.</param>
    /// <param name="count">Number of values; not checked.</param>
    public readonly ValueView Slice(int first, int count) => Offsets == null
        ? new ValueView { Data = Data + ((long)first * Width), Width = Width, Count = count }
        : new ValueView { Data = Data, Offsets = Offsets + first, Lengths = Lengths + first, Count = count };
}
