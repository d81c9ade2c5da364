using IdExtractor.Foundation.Memory;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// Some consecutive rows of one column. The non-null values are in <see cref="Values"/>, or, for dictionary-coded pages, in <see cref="Dictionary"/> under <see cref="Indices"/>.
/// Reusable; its content is valid until the reader that filled it goes on.
/// </summary>
public sealed unsafe class ColumnBatch : IDisposable
{
    /// <summary>Most rows in one batch.</summary>
    public const int MaxRows = 4096;

    private readonly NativeBuffer _validity = new(MaxRows);
    private readonly NativeBuffer _offsets = new(MaxRows * sizeof(int));
    private readonly NativeBuffer _lengths = new(MaxRows * sizeof(int));
    private readonly NativeBuffer _indices = new(MaxRows * sizeof(int));

    /// <summary>Rows before this batch in the chunk.</summary>
    public long FirstRow { get; internal set; }

    /// <summary>Rows, nulls counted, 0 to <see cref="MaxRows"/>.</summary>
    public int RowCount { get; internal set; }

    /// <summary>Rows that are not null.</summary>
    public int ValueCount { get; internal set; }

    /// <summary>One byte a row, 1 where there is a value; meaningful only when <see cref="ValueCount"/> is less than <see cref="RowCount"/>.</summary>
    public ReadOnlySpan<byte> Validity => new(_validity.Pointer, RowCount);

    /// <summary>The values stand in the dictionary.</summary>
    public bool IsDictionary { get; internal set; }

    /// <summary>The non-null values in row order, unless <see cref="IsDictionary"/>.</summary>
    public ValueView Values { get; internal set; }

    /// <summary>Positions in <see cref="Dictionary"/> of the non-null values in row order, checked against its size.</summary>
    public ReadOnlySpan<int> Indices => new(_indices.Pointer, IsDictionary ? ValueCount : 0);

    /// <summary>All entries of the chunk's dictionary, when <see cref="IsDictionary"/>.</summary>
    public ValueView Dictionary { get; internal set; }

    internal byte* ValidityBytes => _validity.Pointer;

    internal int* OffsetSlots => (int*)_offsets.Pointer;

    internal int* LengthSlots => (int*)_lengths.Pointer;

    internal int* IndexSlots => (int*)_indices.Pointer;

    /// <summary>The n-th non-null value, wherever it stands.</summary>
    /// <param name="index">0 up to <see cref="ValueCount"/> - 1; not checked.</param>
    public ReadOnlySpan<byte> Value(int index) => IsDictionary ? Dictionary[IndexSlots[index]] : Values[index];

    /// <inheritdoc/>
    public void Dispose()
    {
        ((IDisposable)_validity).Dispose();
        ((IDisposable)_offsets).Dispose();
        ((IDisposable)_lengths).Dispose();
        ((IDisposable)_indices).Dispose();
    }
}
