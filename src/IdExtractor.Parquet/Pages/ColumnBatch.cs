using IdExtractor.Foundation.Memory;

namespace IdExtractor.Parquet.Pages;

/// <summary>
/// Some consecutive rows of one column. The non-null values are in <see cref="Values"/> or, for
/// dictionary-encoded pages, in <see cref="Dictionary"/> at the positions in <see cref="Indices"/>.
/// Reusable; the content is valid until the next call to the reader that filled it.
/// </summary>
public sealed unsafe class ColumnBatch : IDisposable
{
    /// <summary>The most rows in one batch.</summary>
    public const int MaxRows = 4096;

    private readonly NativeBuffer _validity = new(MaxRows);
    private readonly NativeBuffer _offsets = new(MaxRows * sizeof(int));
    private readonly NativeBuffer _lengths = new(MaxRows * sizeof(int));
    private readonly NativeBuffer _indices = new(MaxRows * sizeof(int));

    /// <summary>Rows of the chunk before this batch.</summary>
    public long FirstRow { get; internal set; }

    /// <summary>Rows, including nulls; 0 to <see cref="MaxRows"/>.</summary>
    public int RowCount { get; internal set; }

    /// <summary>Rows that are not null.</summary>
    public int ValueCount { get; internal set; }

    /// <summary>
    /// One byte per row, 1 where there is a value. Meaningful only when <see cref="ValueCount"/> is
    /// less than <see cref="RowCount"/>.
    /// </summary>
    public ReadOnlySpan<byte> Validity => new(_validity.Pointer, RowCount);

    /// <summary>The values are dictionary-encoded.</summary>
    public bool IsDictionary { get; internal set; }

    /// <summary>The non-null values in row order, unless <see cref="IsDictionary"/>.</summary>
    public ValueView Values { get; internal set; }

    /// <summary>
    /// Positions of the non-null values in <see cref="Dictionary"/>, in row order. Checked against
    /// its size.
    /// </summary>
    public ReadOnlySpan<int> Indices => new(_indices.Pointer, IsDictionary ? ValueCount : 0);

    /// <summary>
    /// All entries of the chunk's dictionary; set only when <see cref="IsDictionary"/>.
    /// </summary>
    public ValueView Dictionary { get; internal set; }

    internal byte* ValidityBytes => _validity.Pointer;

    internal int* OffsetSlots => (int*)_offsets.Pointer;

    internal int* LengthSlots => (int*)_lengths.Pointer;

    internal int* IndexSlots => (int*)_indices.Pointer;

    /// <summary>The n-th non-null value, dictionary-encoded or not.</summary>
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
