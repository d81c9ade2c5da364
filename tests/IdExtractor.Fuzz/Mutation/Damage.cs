using IdExtractor.Parquet;

namespace IdExtractor.Fuzz.Mutation;

/// <summary>Changes after which a file lies, in its structure or in its bytes.</summary>
internal static class Damage
{
    private static readonly long[] Numbers =
    [
        0, 1, 2, 3, 4, 7, 8, 31, 32, 33, 63, 64, 65, 127, 128, 255, 256, 4095, 4096, 4097, 65535, 65536, 1 << 20, 1 << 24, int.MaxValue - 1,
        int.MaxValue,
        1L << 31, 1L << 32, long.MaxValue, -1, -2, -128, int.MinValue, long.MinValue,
    ];

    /// <summary>
    /// Damages the structure, before the file is put together, so that all else stays true.
    /// </summary>
    public static void Structure(FileModel file, Random random)
    {
        var chunk = file.Chunks[random.Next(file.Chunks.Count)];
        var page = chunk.Pages.Count == 0 ? null : chunk.Pages[random.Next(chunk.Pages.Count)];
        switch (random.Next(14))
        {
            case 9 or 10:
                chunk.ChangeIndex(random.Next(2), bytes => Index(bytes, random));
                break;
            case 11 or 12 or 13 when page is not null:
                Compressed(chunk, page, random);
                break;
            case 0 or 1 when page is not null:
                Node(page.Header, random);
                break;
            case 2 or 3 when page is not null:
                Content(chunk, page, random);
                break;
            case 4 when page is not null:
                page.Store(Bytes(page.Body, random));
                break;
            case 5 when page is not null:
                Order(chunk, random);
                break;
            case 6:
                Exchange(chunk, file.Chunks[random.Next(file.Chunks.Count)]);
                break;
            default:
                Node(file.Footer, random);
                break;
        }
    }

    /// <summary>
    /// Damages the footer after its offsets have been corrected, so that the damage stays.
    /// </summary>
    public static byte[] Footer(byte[] file, Random random) => FileModel.WithFooter(file, footer => Node(footer, random));

    /// <summary>Damages bytes wherever they are.</summary>
    public static byte[] Bytes(byte[] bytes, Random random)
    {
        if (bytes.Length == 0)
            return [(byte)random.Next(256)];
        var at = random.Next(bytes.Length);
        var length = Math.Min(random.Next(4) == 0 ? random.Next(1, 64) : random.Next(1, 5), bytes.Length - at);
        var copy = (byte[])bytes.Clone();
        switch (random.Next(8))
        {
            case 0:
                copy[at] ^= (byte)(1 << random.Next(8));
                return copy;
            case 1:
                random.NextBytes(copy.AsSpan(at, length));
                return copy;
            case 2:
                copy.AsSpan(at, length).Fill(random.Next(2) == 0 ? (byte)0xFF : (byte)0);
                return copy;
            case 3:
                return [.. bytes.AsSpan(0, at)];
            case 4:
                return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at + length)];
            case 5:
                return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at, length), .. bytes.AsSpan(at)];
            case 6:
                bytes.AsSpan(random.Next(bytes.Length - length + 1), length).CopyTo(copy.AsSpan(at));
                return copy;
            default:
                BitConverter.TryWriteBytes(copy.AsSpan(at), (int)Numbers[random.Next(Numbers.Length)]);
                return copy;
        }
    }

    /// <summary>The start of one file and the end of another.</summary>
    public static byte[] Splice(byte[] first, byte[] second, Random random) =>
        [.. first.AsSpan(0, random.Next(first.Length + 1)), .. second.AsSpan(random.Next(second.Length + 1))];

    /// <summary>Damages one value, field or list in a tree.</summary>
    private static void Node(ThriftNode root, Random random)
    {
        var nodes = root.All().ToList();
        var node = nodes[random.Next(nodes.Count)];
        switch (node.Type)
        {
            case WireType.True or WireType.False:
                node.Type = node.Type == WireType.True ? WireType.False : WireType.True;
                break;
            case WireType.Byte or WireType.I16 or WireType.I32 or WireType.I64:
                node.Number = random.Next(3) == 0 ? node.Number + random.Next(-2, 3) : Numbers[random.Next(Numbers.Length)];
                break;
            case WireType.Binary or WireType.Double:
                node.Bytes = Bytes(node.Bytes, random);
                break;
            case WireType.List or WireType.Set or WireType.Map when node.Items.Count > 0:
                Members(node.Items, random, item => item);
                break;
            case WireType.Struct when node.Fields.Count > 0:
                Members(node.Fields, random, field => new ThriftField(field.Id + random.Next(3), field.Value));
                break;
            default:
                node.Type = WireType.I32;
                break;
        }
    }

    private static void Members<T>(List<T> members, Random random, Func<T, T> again)
    {
        var at = random.Next(members.Count);
        switch (random.Next(3))
        {
            case 0:
                members.RemoveAt(at);
                break;
            case 1:
                members.Insert(random.Next(members.Count), again(members[at]));
                break;
            default:
                var other = random.Next(members.Count);
                (members[at], members[other]) = (members[other], members[at]);
                break;
        }
    }

    /// <summary>Damages a page index, by its structure where it has one.</summary>
    private static byte[] Index(byte[] bytes, Random random)
    {
        if (random.Next(3) == 0)
            return Bytes(bytes, random);
        var index = ThriftCodec.Read(bytes, out _);
        Node(index, random);
        return ThriftCodec.Write(index);
    }

    /// <summary>
    /// Damages what a page holds under its compression, and compresses it again: levels, lengths,
    /// indices and values.
    /// </summary>
    private static void Content(ChunkModel chunk, PageModel page, Random random)
    {
        var size = page.Header[2];
        var bytes = page.Unpack(chunk.Codec);
        page.Pack(chunk.Codec, Bytes(bytes, random), random);
        if (random.Next(4) == 0 && size is not null)
            page.Header.Set(2, size);
    }

    /// <summary>
    /// Damages the compressed bytes of a page under a codec that a linked library decodes. Its CRC,
    /// if it has one, is that of the damaged bytes.
    /// </summary>
    private static void Compressed(ChunkModel chunk, PageModel page, Random random)
    {
        NeutralChanges.Recompress(chunk, random.Next(2) == 0 ? CompressionCodec.Gzip : CompressionCodec.Zstd, random);
        for (var times = random.Next(1, 4); times > 0; times--)
            page.Store(Bytes(page.Body, random));
    }

    private static void Order(ChunkModel chunk, Random random)
    {
        var at = random.Next(chunk.Pages.Count);
        var other = random.Next(chunk.Pages.Count);
        switch (random.Next(3))
        {
            case 0:
                chunk.Pages.RemoveAt(at);
                break;
            case 1:
                chunk.Pages.Insert(other, chunk.Pages[at]);
                break;
            default:
                (chunk.Pages[at], chunk.Pages[other]) = (chunk.Pages[other], chunk.Pages[at]);
                break;
        }
    }

    /// <summary>Gives two chunks each other's pages.</summary>
    private static void Exchange(ChunkModel one, ChunkModel other)
    {
        List<PageModel> pages = [.. one.Pages];
        List<PageModel> others = [.. other.Pages];
        one.Pages.Clear();
        one.Pages.AddRange(others);
        other.Pages.Clear();
        other.Pages.AddRange(pages);
    }
}
