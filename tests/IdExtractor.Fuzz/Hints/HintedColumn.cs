using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using IdExtractor.Fuzz.Mutation;

namespace IdExtractor.Fuzz.Hints;

/// <summary>
/// How the documents of a <see cref="HintedFile"/> are stored. All kinds hold integers, in the
/// order of integers.
/// </summary>
internal enum DocumentKind
{
    Text,
    FixedText,
    Int64,
    Int32,
    UInt32,
    FixedDecimal,
}

/// <summary>One optional column of a <see cref="HintedFile"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">How values are stored.</param>
/// <param name="Values">A value per row; null for null.</param>
/// <param name="Prefix">Before the digits of a text; empty for documents.</param>
internal sealed record HintedColumn(string Name, DocumentKind Kind, long?[] Values, string Prefix = "")
{
    /// <summary>The element of the schema.</summary>
    public ThriftNode Element()
    {
        var (physical, width, converted) = Kind switch
        {
            DocumentKind.Text => (6, 0, 0),
            DocumentKind.FixedText => (7, 14, -1),
            DocumentKind.Int64 => (2, 0, -1),
            DocumentKind.Int32 => (1, 0, -1),
            DocumentKind.UInt32 => (1, 0, 13),
            _ => (7, 8, 5),
        };
        var element = ThriftNode.Struct(
            new(1, ThriftNode.Integer(physical)), new(3, ThriftNode.Integer(1)), new(4, ThriftNode.Binary(Encoding.ASCII.GetBytes(Name))));
        if (width > 0)
            element.Set(2, ThriftNode.Integer(width));
        if (converted >= 0)
            element.Set(6, ThriftNode.Integer(converted));
        if (converted == 5)
        {
            element.Set(7, ThriftNode.Integer(0));
            element.Set(8, ThriftNode.Integer(18));
        }

        return element;
    }

    /// <summary>The physical type, as in parquet.thrift.</summary>
    public int Physical => Kind switch
    {
        DocumentKind.Text => 6,
        DocumentKind.FixedText or DocumentKind.FixedDecimal => 7,
        DocumentKind.Int64 => 2,
        _ => 1,
    };

    /// <summary>A value as PLAIN stores it, without a length prefix.</summary>
    public byte[] Stored(long value) => Kind switch
    {
        DocumentKind.Int64 => BitConverter.GetBytes(value),
        DocumentKind.Int32 or DocumentKind.UInt32 => BitConverter.GetBytes((int)value),
        DocumentKind.FixedDecimal => BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(value)),
        _ => Encoding.ASCII.GetBytes(Prefix + Digits(value)),
    };

    /// <summary>A document as a key.</summary>
    public static string Digits(long value) => value.ToString("D14", CultureInfo.InvariantCulture);
}
