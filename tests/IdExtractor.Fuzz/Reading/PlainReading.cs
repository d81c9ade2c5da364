using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Fuzz.Reading;

/// <summary>Takes the rows of a column, in order.</summary>
/// <param name="isNull">The row has no value.</param>
/// <param name="value">The stored bytes.</param>
public delegate void RowVisitor(bool isNull, ReadOnlySpan<byte> value);

/// <summary>
/// The reference implementation, which reads columns through <see cref="ColumnReader"/>. Reusable,
/// so that state that leaks from one file to the next would show.
/// </summary>
public sealed class PlainReading : IDisposable
{
    private readonly ColumnReader _reader = new();
    private readonly ColumnBatch _batch = new();
    private readonly MemoryChunkSource _source = new(seed: 1);

    /// <summary>Reads all row groups of a column.</summary>
    /// <exception cref="IdExtractorException">The column is refused.</exception>
    public void Read(ParquetImage image, ColumnDescriptor column, RowVisitor visit)
    {
        foreach (var group in image.Footer.ReadRowGroups([column]))
            Read(image, group, visit);
    }

    /// <summary>Reads the first column of one row group.</summary>
    public void Read(ParquetImage image, RowGroup group, RowVisitor visit)
    {
        _source.Open(image.Bytes, group.Chunks[0]);
        _reader.Open(image.Context(group, 0), _source);
        var rows = 0L;
        while (_reader.Read(_batch))
        {
            if (_batch.FirstRow != rows)
                throw new DisagreementException($"a batch begins at row {_batch.FirstRow} instead of {rows}");
            var isDense = _batch.ValueCount == _batch.RowCount;
            var value = 0;
            for (var row = 0; row < _batch.RowCount; row++)
            {
                var isNull = !isDense && _batch.Validity[row] == 0;
                visit(isNull, isNull ? default : _batch.Value(value++));
            }

            if (value != _batch.ValueCount)
                throw new DisagreementException($"a batch tells of {_batch.ValueCount} values and has {value}");
            rows += _batch.RowCount;
        }

        if (rows != group.RowCount)
            throw new DisagreementException($"a row group of {group.RowCount} rows gave {rows}");
    }

    /// <summary>The rows of one row group, null for null; or the error that refuses it.</summary>
    public ColumnRows ReadRows(ParquetImage image, RowGroup group)
    {
        var rows = new List<byte[]?>();
        try
        {
            Read(image, group, (isNull, value) => rows.Add(isNull ? null : value.ToArray()));
            return new ColumnRows(rows, null);
        }
        catch (IdExtractorException e)
        {
            return new ColumnRows(rows, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _batch.Dispose();
        _source.Dispose();
    }
}

/// <summary>Rows of a column in one row group.</summary>
/// <param name="Rows">Stored values, null for null; up to the error when there is one.</param>
/// <param name="Error">Why the chunk was refused; null when it was read to the end.</param>
public sealed record ColumnRows(IReadOnlyList<byte[]?> Rows, IdExtractorException? Error);
