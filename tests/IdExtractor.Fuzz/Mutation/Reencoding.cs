using IdExtractor.Parquet;

namespace IdExtractor.Fuzz.Mutation;

/// <summary>
/// Writes the PLAIN pages of a flat chunk in another encoding: the values stay what they are.
/// </summary>
internal static class Reencoding
{
    /// <summary>Re-encodes some or all PLAIN data pages.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="isOptional">Its column has definition levels.</param>
    /// <param name="typeLength">Bytes of a FIXED_LEN_BYTE_ARRAY.</param>
    /// <param name="random">Chooses the encoding and the pages.</param>
    public static void Apply(ChunkModel chunk, bool isOptional, int typeLength, Random random)
    {
        var physical = (PhysicalType)chunk.Metadata[1]!.Number;
        var width = physical switch
        {
            PhysicalType.Int32 => 4,
            PhysicalType.Int64 => 8,
            PhysicalType.FixedLenByteArray => typeLength,
            _ => 0
        };
        if (width == 0 && physical != PhysicalType.ByteArray)
            return;
        var pages = chunk.Pages.FindAll(page => page.IsData && page.Encoding == ParquetEncoding.Plain && random.Next(5) != 0);
        var contents = pages.ConvertAll(page => PageContent.Of(page, chunk.Codec, isOptional, width));
        if (contents.Contains(null))
            return;
        if (random.Next(2) == 0 && !chunk.Pages.Exists(page => page.IsDictionary))
        {
            AddDictionary(chunk, pages, contents.ConvertAll(content => content!), random);
            return;
        }

        var encoding = EncodingFor(physical, random);
        for (var i = 0; i < pages.Count; i++)
            Store(chunk, pages[i], contents[i]!.Levels, encoding, Encode(encoding, physical, contents[i]!.Values), random);
    }

    private static ParquetEncoding EncodingFor(PhysicalType physical, Random random) => physical switch
    {
        PhysicalType.ByteArray => random.Next(2) == 0 ? ParquetEncoding.DeltaByteArray : ParquetEncoding.DeltaLengthByteArray,
        PhysicalType.FixedLenByteArray => random.Next(2) == 0 ? ParquetEncoding.DeltaByteArray : ParquetEncoding.ByteStreamSplit,
        _ => random.Next(2) == 0 ? ParquetEncoding.DeltaBinaryPacked : ParquetEncoding.ByteStreamSplit,
    };

    private static byte[] Encode(ParquetEncoding encoding, PhysicalType physical, List<byte[]> values) => encoding switch
    {
        ParquetEncoding.DeltaByteArray => DeltaPacker.Prefixes(values),
        ParquetEncoding.DeltaLengthByteArray => DeltaPacker.Lengths(values),
        ParquetEncoding.ByteStreamSplit => Split(values),
        _ => DeltaPacker.Integers(
            [.. values.Select(value => physical == PhysicalType.Int32 ? BitConverter.ToInt32(value) : BitConverter.ToInt64(value))]),
    };

    private static byte[] Split(List<byte[]> values)
    {
        var width = values.Count == 0 ? 0 : values[0].Length;
        var output = new byte[values.Count * width];
        for (var i = 0; i < values.Count; i++)
        {
            for (var stream = 0; stream < width; stream++)
                output[(stream * values.Count) + i] = values[i][stream];
        }

        return output;
    }

    private static void AddDictionary(ChunkModel chunk, List<PageModel> pages, List<PageContent> contents, Random random)
    {
        var entries = new Dictionary<string, int>();
        var plain = new List<byte>();
        var isVariable = chunk.Metadata[1]!.Number == (long)PhysicalType.ByteArray;
        int IndexOf(byte[] value)
        {
            var key = Convert.ToHexString(value);
            if (entries.TryGetValue(key, out var index))
                return index;
            if (isVariable)
                plain.AddRange(BitConverter.GetBytes(value.Length));
            plain.AddRange(value);
            entries.Add(key, entries.Count);
            return entries.Count - 1;
        }

        var indices = contents.ConvertAll(content => content.Values.ConvertAll(IndexOf));
        var width = 32 - int.LeadingZeroCount(Math.Max(0, entries.Count - 1));
        width = Math.Min(32, width + (random.Next(4) == 0 ? random.Next(8) : 0));
        var encoding = random.Next(2) == 0 ? ParquetEncoding.RleDictionary : ParquetEncoding.PlainDictionary;
        for (var i = 0; i < pages.Count; i++)
            Store(chunk, pages[i], contents[i].Levels, encoding, BitPacker.Indices(indices[i], width, random), random);

        var header = ThriftNode.Struct(
            new(1, ThriftNode.Integer(2)), new(2, ThriftNode.Integer(0)), new(3, ThriftNode.Integer(0)),
            new(7, ThriftNode.Struct(new(1, ThriftNode.Integer(entries.Count)), new(2, ThriftNode.Integer(random.Next(2) == 0 ? 0 : 2)))));
        var page = new PageModel(header, []);
        page.Pack(chunk.Codec, [.. plain], random);
        chunk.Pages.Insert(0, page);
        if (random.Next(2) == 0)
            chunk.Metadata.Set(11, ThriftNode.Long(4));
    }

    private static void Store(ChunkModel chunk, PageModel page, byte[] levels, ParquetEncoding encoding, byte[] values, Random random)
    {
        page.Encoding = encoding;
        page.Pack(chunk.Codec, [.. levels, .. values], random);
    }
}

/// <summary>What a PLAIN data page holds.</summary>
/// <param name="Levels">The levels, with their length where the page has one.</param>
/// <param name="Values">The stored values, without nulls.</param>
internal sealed record PageContent(byte[] Levels, List<byte[]> Values)
{
    /// <summary>Takes the page apart; null when its levels are not of the usual kind.</summary>
    public static PageContent? Of(PageModel page, CompressionCodec codec, bool isOptional, int width)
    {
        var bytes = page.Unpack(codec);
        if (page.LevelsLength(bytes, isOptional) is not { } levels)
            return null;
        var values = new List<byte[]>();
        for (var at = levels; at < bytes.Length;)
        {
            var length = width;
            if (width == 0)
            {
                length = BitConverter.ToInt32(bytes, at);
                at += sizeof(int);
            }

            values.Add(bytes.AsSpan(at, length).ToArray());
            at += length;
        }

        return new PageContent(bytes[..levels], values);
    }
}
