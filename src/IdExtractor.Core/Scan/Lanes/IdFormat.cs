using System.Buffers.Binary;
using System.Globalization;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;

namespace IdExtractor.Core.Scan.Lanes;

/// <summary>
/// Writes stored values of the id column as they are published (specification, section 5): bytes
/// unchanged, integers in plain decimal, DECIMAL with exactly its scale, UUID in the usual text
/// form.
/// </summary>
internal sealed class IdFormat(ColumnDescriptor column)
{
    private readonly byte[] _text = new byte[256 + Math.Max(0, column.Logical.Scale)];
    private readonly bool _isUnsigned = column.Logical is { Kind: LogicalKind.Integer, IsSigned: false };

    /// <summary>
    /// The text of one value; it may be <paramref name="value"/> itself, and is valid until the
    /// next call.
    /// </summary>
    /// <returns>False when the value cannot be written: a decimal beyond
    /// <see cref="DecimalBytes.MaxBytes"/>.</returns>
    public bool TryFormat(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> text)
    {
        text = value;
        switch (column.Physical)
        {
            case PhysicalType.Int32:
                var narrow = BinaryPrimitives.ReadInt32LittleEndian(value);
                text = FormatInteger(_isUnsigned ? (uint)narrow : narrow, column.Logical.Kind == LogicalKind.Decimal);
                return true;
            case PhysicalType.Int64 when _isUnsigned:
                BinaryPrimitives.ReadUInt64LittleEndian(value).TryFormat(_text, out var written, default, CultureInfo.InvariantCulture);
                text = _text.AsSpan(0, written);
                return true;
            case PhysicalType.Int64:
                text = FormatInteger(BinaryPrimitives.ReadInt64LittleEndian(value), column.Logical.Kind == LogicalKind.Decimal);
                return true;
            default:
                return column.Logical.Kind switch
                {
                    LogicalKind.Decimal => TryFormatDecimal(value, out text),
                    LogicalKind.Uuid => TryFormatUuid(value, out text),
                    _ => true,
                };
        }
    }

    private ReadOnlySpan<byte> FormatInteger(long number, bool isDecimal)
    {
        number.TryFormat(_text, out var written, default, CultureInfo.InvariantCulture);
        return isDecimal ? PlacePoint(written) : _text.AsSpan(0, written);
    }

    private bool TryFormatDecimal(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> text)
    {
        text = default;
        var trimmed = DecimalBytes.Trim(value);
        if (trimmed.Length > DecimalBytes.MaxBytes)
            return false;
        text = PlacePoint(DecimalBytes.Format(trimmed, _text));
        return true;
    }

    private bool TryFormatUuid(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> text)
    {
        new Guid(value, bigEndian: true).TryFormat(_text, out var written);
        text = _text.AsSpan(0, written);
        return true;
    }

    /// <summary>
    /// Turns the digits at the start of the buffer into a number with exactly the column's scale:
    /// -5 at scale 2 becomes -0.05.
    /// </summary>
    private ReadOnlySpan<byte> PlacePoint(int length)
    {
        var scale = column.Logical.Scale;
        if (scale <= 0)
            return _text.AsSpan(0, length);
        var sign = _text[0] == (byte)'-' ? 1 : 0;
        var digits = length - sign;
        var zeros = Math.Max(0, scale + 1 - digits);
        var point = sign + digits + zeros - scale;
        _text.AsSpan(sign, digits).CopyTo(_text.AsSpan(sign + zeros));
        _text.AsSpan(sign, zeros).Fill((byte)'0');
        _text.AsSpan(point, scale).CopyTo(_text.AsSpan(point + 1));
        _text[point] = (byte)'.';
        return _text.AsSpan(0, length + zeros + 1);
    }
}
