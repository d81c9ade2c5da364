using IdExtractor.Foundation.Checksums;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Compression;

namespace IdExtractor.Fuzz.Mutation;

/// <summary>
/// One page of a <see cref="FileModel"/>: its header as a tree, and its body as stored in the file.
/// </summary>
internal sealed class PageModel(ThriftNode header, byte[] body)
{
    /// <summary>More than any page of a seed has. A header above it is already damaged.</summary>
    private const int MostUncompressed = 16 << 20;

    private const int Type = 1, UncompressedSize = 2, CompressedSize = 3, Crc = 4, Data = 5, Dictionary = 7, DataV2 = 8;

    /// <summary>PageHeader.</summary>
    public ThriftNode Header { get; } = header;

    public byte[] Body { get; private set; } = body;

    public bool IsDictionary => Header[Type]?.Number == 2;

    private bool IsV1 => Header[Type]?.Number == 0;

    private bool IsV2 => Header[Type]?.Number == 3;

    /// <summary>The page holds rows.</summary>
    public bool IsData => IsV1 || IsV2;

    /// <summary>Encoding of a data page's values.</summary>
    public ParquetEncoding Encoding
    {
        get => (ParquetEncoding)(IsV1 ? Header[Data]![2]! : Header[DataV2]![4]!).Number;
        set => (IsV1 ? Header[Data]![2]! : Header[DataV2]![4]!).Number = (long)value;
    }

    /// <summary>Bytes of a second-version page's levels.</summary>
    private int LevelBytes => IsV2 ? (int)(Header[DataV2]![5]!.Number + Header[DataV2]![6]!.Number) : 0;

    private bool IsCompressed => !IsV2 || Header[DataV2]![7] is not { Type: WireType.False };

    /// <summary>Takes the page of a sound file at a position apart and goes past it.</summary>
    public static PageModel Parse(byte[] file, ref int at)
    {
        var header = ThriftCodec.Read(file.AsSpan(at), out var length);
        at += length;
        var body = file.AsSpan(at, (int)header[CompressedSize]!.Number).ToArray();
        at += body.Length;
        return new PageModel(header, body);
    }

    /// <summary>Appends the page to a file.</summary>
    public void Append(List<byte> output)
    {
        output.AddRange(ThriftCodec.Write(Header));
        output.AddRange(Body);
    }

    /// <summary>
    /// Replaces the stored body. Updates its size in the header, and its CRC if it has one.
    /// </summary>
    public void Store(byte[] body)
    {
        Body = body;
        Header.Set(CompressedSize, ThriftNode.Integer(body.Length));
        if (Header[Crc] is not null)
            AddCrc();
    }

    /// <summary>Adds the CRC of the body to the header.</summary>
    public void AddCrc() => Header.Set(Crc, ThriftNode.Integer((int)Crc32.Compute(Body)));

    /// <summary>The uncompressed bytes, levels first.</summary>
    public byte[] Unpack(CompressionCodec codec)
    {
        if (codec == CompressionCodec.Uncompressed || !IsCompressed)
            return (byte[])Body.Clone();
        var levels = LevelBytes;
        var size = Header[UncompressedSize]!.Number;
        if (size < levels || size > MostUncompressed)
            throw new InvalidOperationException("A page that should be sound has an impossible size.");
        var result = new byte[size];
        Body.AsSpan(0, levels).CopyTo(result);
        if (size > levels && PageCodec.Decompress(codec, Body.AsSpan(levels), result.AsSpan(levels)) != DecodeStatus.Ok)
            throw new InvalidOperationException("A page that should be sound does not decompress.");
        return result;
    }

    /// <summary>Compresses the page again, and corrects its sizes and CRC.</summary>
    /// <param name="codec">Of the chunk.</param>
    /// <param name="uncompressed">The bytes, levels first.</param>
    /// <param name="random">Chooses among the many ways to compress.</param>
    public void Pack(CompressionCodec codec, byte[] uncompressed, Random random)
    {
        var levels = Math.Min(LevelBytes, uncompressed.Length);
        Header.Set(UncompressedSize, ThriftNode.Integer(uncompressed.Length));
        var values = uncompressed.AsSpan(levels);
        var isPlain = codec == CompressionCodec.Uncompressed || !IsCompressed;
        Store([.. uncompressed.AsSpan(0, levels), .. isPlain ? values : PagePacker.Pack(codec, values, random)]);
    }

    /// <summary>
    /// Bytes of a data page's levels, their own length included; null for the deprecated packing.
    /// </summary>
    /// <param name="uncompressed">What <see cref="Unpack"/> gave.</param>
    /// <param name="isOptional">The column has definition levels.</param>
    public int? LevelsLength(byte[] uncompressed, bool isOptional)
    {
        if (IsV2)
            return LevelBytes;
        if (!isOptional)
            return 0;
        return Header[Data]![3]!.Number == (long)ParquetEncoding.Rle ? sizeof(int) + BitConverter.ToInt32(uncompressed) : null;
    }

    /// <summary>
    /// Makes a first-version page of a flat column one of the second version, or the other way
    /// round.
    /// </summary>
    /// <returns>False when the page cannot be turned.</returns>
    public bool TurnVersion(CompressionCodec codec, bool isOptional, Random random)
    {
        if (!IsData)
            return false;
        var bytes = Unpack(codec);
        if (IsV1 && (!isOptional || Header[Data]![3]!.Number == (long)ParquetEncoding.Rle))
        {
            TurnToSecond(codec, bytes, isOptional, random);
            return true;
        }

        if (!IsV2)
            return false;
        TurnToFirst(codec, bytes, isOptional, random);
        return true;
    }

    private void TurnToSecond(CompressionCodec codec, byte[] bytes, bool isOptional, Random random)
    {
        var old = Header[Data]!;
        var levels = isOptional ? BitConverter.ToInt32(bytes) : 0;
        var values = ThriftNode.Struct(
            new(1, old[1]!), new(2, ThriftNode.Integer(0)), new(3, old[1]!), new(4, old[2]!),
            new(5, ThriftNode.Integer(levels)), new(6, ThriftNode.Integer(0)));
        if (random.Next(3) == 0)
            values.Set(7, ThriftNode.Boolean(random.Next(2) == 0));
        Header.Remove(Data);
        Header.Set(Type, ThriftNode.Integer(3));
        Header.Set(DataV2, values);
        Pack(codec, isOptional ? bytes[sizeof(int)..] : bytes, random);
    }

    private void TurnToFirst(CompressionCodec codec, byte[] bytes, bool isOptional, Random random)
    {
        var old = Header[DataV2]!;
        var levels = (int)old[5]!.Number;
        var from = (int)old[6]!.Number;
        Header.Remove(DataV2);
        Header.Set(Type, ThriftNode.Integer(0));
        Header.Set(Data, ThriftNode.Struct(new(1, old[1]!), new(2, old[4]!), new(3, ThriftNode.Integer(3)), new(4, ThriftNode.Integer(3))));
        byte[] prefix = isOptional ? [.. BitConverter.GetBytes(levels), .. bytes.AsSpan(from, levels)] : [];
        Pack(codec, [.. prefix, .. bytes.AsSpan(from + levels)], random);
    }
}
