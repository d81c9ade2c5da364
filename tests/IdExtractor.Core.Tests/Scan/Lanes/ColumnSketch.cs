using System.Globalization;
using System.Numerics;
using IdExtractor.Core.Keys;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;
using IdExtractor.Testing.Pages;

namespace IdExtractor.Core.Tests.Scan.Lanes;

/// <summary>
/// A random chunk of any type, encoding and codec, its rows, and keys that some of them equal.
/// </summary>
internal sealed class ColumnSketch
{
    private static readonly string[] s_types =
    [
        "int32", "uint32", "int64", "uint64", "decimal9", "decimal18", "shortDecimal", "longDecimal", "hugeDecimal", "anyDecimal", "uuid",
        "fixedText", "text",
    ];

    private static readonly CompressionCodec[] s_codecs =
    [
        CompressionCodec.Snappy, CompressionCodec.Lz4Raw, CompressionCodec.Uncompressed,
        .. ZstdTestEncoder.IsPresent ? [CompressionCodec.Zstd] : Array.Empty<CompressionCodec>(),
    ];

    private readonly List<byte[]?> _rows = [];

    public ColumnSketch(Random random)
    {
        Type = random.GetItems(s_types, 1)[0];
        var column = Column(random);
        Codec = random.GetItems(s_codecs, 1)[0];
        Encoding = random.GetItems(Encodings(column), 1)[0];
        Builder = new ChunkBuilder(column, Codec) { IsSecondVersion = random.Next(2) == 0 };
        var distinct = random.Next(3) == 0 ? random.Next(1, 20) : random.Next(100, 20_000);
        var values = Enumerable.Range(0, distinct).Select(_ => Value(column, random)).ToArray();
        if (Encoding == ParquetEncoding.RleDictionary)
            Builder.AddDictionary(values);
        for (var page = random.Next(1, 4); page > 0; page--)
            AddPage(values, random.Next(4) == 0 ? random.Next(1, 9) : random.Next(1, 60_000), random.Next(3) * 0.2, random);
        Keys = KeysOf(column, values, random);
    }

    public string Type { get; }

    public CompressionCodec Codec { get; }

    public ParquetEncoding Encoding { get; }

    public ChunkBuilder Builder { get; }

    public IReadOnlyList<byte[]?> Rows => _rows;

    public KeySet Keys { get; }

    /// <summary>Whether the pages slide through a window.</summary>
    public bool Slides => Encoding is ParquetEncoding.Plain or ParquetEncoding.RleDictionary;

    public override string ToString() =>
        $"{Type}, {Encoding}, {Codec}, {(Builder.IsSecondVersion ? "second" : "first")} version, {_rows.Count} rows";

    private static ParquetEncoding[] Encodings(ColumnDescriptor column) => column.Physical switch
    {
        PhysicalType.ByteArray => [ParquetEncoding.Plain, ParquetEncoding.RleDictionary],
        PhysicalType.FixedLenByteArray => [ParquetEncoding.Plain, ParquetEncoding.RleDictionary, ParquetEncoding.ByteStreamSplit],
        _ => [ParquetEncoding.Plain, ParquetEncoding.RleDictionary, ParquetEncoding.ByteStreamSplit, ParquetEncoding.DeltaBinaryPacked],
    };

    private static bool IsNumber(ColumnDescriptor column) =>
        column.Physical is PhysicalType.Int32 or PhysicalType.Int64 || column.Logical.Kind == LogicalKind.Decimal;

    private ColumnDescriptor Column(Random random)
    {
        var column = new ColumnDescriptor { Index = 0, Path = ["c"], Physical = PhysicalType.FixedLenByteArray, MaxDefinitionLevel = 1 };
        return Type switch
        {
            "int32" => column with { Physical = PhysicalType.Int32 },
            "uint32" => column with { Physical = PhysicalType.Int32, Logical = new LogicalType(LogicalKind.Integer, 32, IsSigned: false) },
            "int64" => column with { Physical = PhysicalType.Int64 },
            "uint64" => column with { Physical = PhysicalType.Int64, Logical = new LogicalType(LogicalKind.Integer, 64, IsSigned: false) },
            "decimal9" => column with { Physical = PhysicalType.Int32, Logical = new LogicalType(LogicalKind.Decimal, Precision: 9) },
            "decimal18" => column with { Physical = PhysicalType.Int64, Logical = new LogicalType(LogicalKind.Decimal, Precision: 18) },
            "shortDecimal" => column with { TypeLength = random.Next(1, 9), Logical = new LogicalType(LogicalKind.Decimal, Precision: 2) },
            "longDecimal" => column with { TypeLength = random.Next(9, 17), Logical = new LogicalType(LogicalKind.Decimal, Precision: 38) },
            "hugeDecimal" => column with
            {
                TypeLength = random.Next(17, 30),
                Logical = new LogicalType(LogicalKind.Decimal, Precision: 60)
            },
            "anyDecimal" => column with
            {
                Physical = PhysicalType.ByteArray,
                Logical = new LogicalType(LogicalKind.Decimal, Precision: 38)
            },
            "uuid" => column with { TypeLength = 16, Logical = new LogicalType(LogicalKind.Uuid) },
            "fixedText" => column with { TypeLength = 14 },
            _ => column with { Physical = PhysicalType.ByteArray },
        };
    }

    private static byte[] Value(ColumnDescriptor column, Random random)
    {
        if (!IsNumber(column))
        {
            return column.Logical.Kind == LogicalKind.Uuid
                ? [.. Enumerable.Range(0, 16).Select(_ => (byte)random.Next(256))]
                : Ascii(random.NextInt64(100_000_000_000).ToString("D14", CultureInfo.InvariantCulture));
        }

        var width = column.Physical == PhysicalType.ByteArray ? random.Next(1, 20) : column.FixedWidth;
        var bytes = new byte[width];
        random.NextBytes(bytes);

        // Small numbers, negative ones and zero, besides any that fit.
        if (random.Next(3) > 0)
            bytes.AsSpan(0, random.Next(width)).Fill(random.Next(8) == 0 ? (byte)0xFF : (byte)0);
        if (random.Next(50) == 0)
            Array.Clear(bytes);
        if (column.Physical is PhysicalType.Int32 or PhysicalType.Int64)
            Array.Reverse(bytes);
        return bytes;
    }

    private static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);

    /// <summary>A stored number, read in another way than the scanner does.</summary>
    private static BigInteger Number(ColumnDescriptor column, byte[] value) => new(
        value,
        isUnsigned: column.Logical is { Kind: LogicalKind.Integer, IsSigned: false },
        isBigEndian: column.Physical is not (PhysicalType.Int32 or PhysicalType.Int64));

    private static KeySet KeysOf(ColumnDescriptor column, byte[][] values, Random random)
    {
        var keys = new KeySetBuilder();
        var every = random.Next(2, 200);
        var mayBeLarge = random.Next(2) == 0;
        foreach (var value in values.Where(_ => random.Next(every) == 0).Append(values[0]))
        {
            // A number is no key when its absolute value alone is one.
            var text = IsNumber(column)
                ? Ascii(BigInteger.Abs(Number(column, value)).ToString(CultureInfo.InvariantCulture).PadLeft(14, '0'))
                : value;
            if (mayBeLarge || text.Length < 20)
                keys.Add(text);
        }

        keys.Add("00000000000000"u8);
        keys.Add("ZZ345678901234"u8);
        return keys.Build();
    }

    /// <summary>Rows whose value is a key.</summary>
    public IEnumerable<long> Expected()
    {
        var column = Builder.ToChunk().Column;
        var keys = new HashSet<string>();
        foreach (var key in Keys)
            keys.Add(System.Text.Encoding.Latin1.GetString(key));
        var numbers = keys.Where(key => key.All(char.IsAsciiDigit))
            .Select(key => BigInteger.Parse(key, CultureInfo.InvariantCulture)).ToHashSet();
        for (var row = 0; row < _rows.Count; row++)
        {
            if (_rows[row] is { } value
                && (IsNumber(column) ? numbers.Contains(Number(column, value)) : keys
                    .Contains(System.Text.Encoding.Latin1.GetString(value))))
                yield return row;
        }
    }

    private void AddPage(byte[][] values, int count, double nulls, Random random)
    {
        var indices = Enumerable.Range(0, count).Select(_ => random.NextDouble() < nulls ? -1 : random.Next(values.Length)).ToArray();
        var rows = indices.Select(index => index < 0 ? null : values[index]).ToArray();
        _rows.AddRange(rows);
        _ = Encoding switch
        {
            ParquetEncoding.Plain => Builder.AddPlain(rows),
            ParquetEncoding.DeltaBinaryPacked => Builder.AddIntegerDeltas(rows),
            ParquetEncoding.ByteStreamSplit => Builder.AddSplit(rows),
            _ => Builder.AddIndices(indices, Math.Max(1, 32 - BitOperations.LeadingZeroCount((uint)values.Length - 1)), random),
        };
    }
}
