using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using IdExtractor.Parquet.Footer;

namespace IdExtractor.Fuzz.Reading;

/// <summary>
/// The text of a column as the conformance set defines it, and its MD5: each value and a newline;
/// <c>\N</c> for null, integers and decimals in plain digits, bytes as they are when they are
/// UTF-8, else <c>\x</c> and hex.
/// </summary>
public sealed class ReferenceText(ColumnDescriptor column) : IDisposable
{
    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);

    /// <summary>Rows appended.</summary>
    public long Rows { get; private set; }

    /// <summary>Of these, nulls.</summary>
    public long Nulls { get; private set; }

    /// <summary>Appends one row.</summary>
    public void Add(bool isNull, ReadOnlySpan<byte> value)
    {
        Rows++;
        Nulls += isNull ? 1 : 0;
        _md5.AppendData(isNull ? "\\N"u8 : Render(column, value));
        _md5.AppendData("\n"u8);
    }

    /// <summary>The MD5 of all rows appended, in lower-case hex.</summary>
    public string Finish() => Convert.ToHexStringLower(_md5.GetHashAndReset());

    /// <inheritdoc/>
    public void Dispose() => _md5.Dispose();

    /// <summary>One value.</summary>
    public static ReadOnlySpan<byte> Render(ColumnDescriptor column, ReadOnlySpan<byte> value)
    {
        if (ValueText.Number(column, value) is { } number)
            return Encoding.ASCII.GetBytes(
                column.Logical.Kind == LogicalKind.Decimal ? ValueText.Decimal(number, column.Logical.Scale) : number.ToString());
        return Utf8.IsValid(value) ? value : Encoding.ASCII.GetBytes("\\x" + Convert.ToHexStringLower(value));
    }
}
