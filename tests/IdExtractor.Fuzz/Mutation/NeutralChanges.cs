using IdExtractor.Parquet;

namespace IdExtractor.Fuzz.Mutation;

/// <summary>
/// Changes that leave a file's values the same, so a reader's result must not change either.
/// </summary>
internal static class NeutralChanges
{
    /// <summary>Makes one of them.</summary>
    public static void Apply(FileModel file, Random random)
    {
        var chunk = file.Chunks[random.Next(file.Chunks.Count)];
        var page = chunk.Pages.Count == 0 ? null : chunk.Pages[random.Next(chunk.Pages.Count)];
        switch (random.Next(13))
        {
            case 0:
                Recompress(chunk, PagePacker.Codecs[random.Next(PagePacker.Codecs.Length)], random);
                break;
            case 1 or 2:
                Recompress(chunk, random.Next(3) == 0 ? CompressionCodec.Lz4Raw : CompressionCodec.Snappy, random);
                break;
            case 3:
                foreach (var each in file.Pages)
                    each.AddCrc();
                break;
            case 4:
                page?.AddCrc();
                break;
            case 5:
                AddUnknownField(random.Next(3) switch { 0 => file.Footer, 1 => chunk.Metadata, _ => page?.Header ?? chunk.Chunk }, random);
                break;
            case 6:
                DropHints(file, chunk, random);
                break;
            case 7:
                chunk.Pages.Insert(random.Next(chunk.Pages.Count + 1), UnknownPage(random));
                break;
            case 8 or 9:
                TurnVersions(file, chunk, random);
                break;
            default:
                if (Element(file, chunk) is { } element)
                    Reencoding.Apply(chunk, element[3]!.Number == 1, (int)(element[2]?.Number ?? 0), random);
                break;
        }
    }

    /// <summary>Compresses all pages of a chunk by another codec.</summary>
    public static void Recompress(ChunkModel chunk, CompressionCodec codec, Random random)
    {
        var packed = chunk.Pages.FindAll(page => page.IsDictionary || page.IsData);
        var bodies = packed.ConvertAll(page => page.Unpack(chunk.Codec));
        chunk.Metadata.Set(4, ThriftNode.Integer((int)codec));
        for (var i = 0; i < bodies.Count; i++)
            packed[i].Pack(codec, bodies[i], random);
    }

    /// <summary>Fields that a later version of the format may bring.</summary>
    private static void AddUnknownField(ThriftNode node, Random random)
    {
        ThriftNode[] values =
        [
            ThriftNode.Boolean(true), ThriftNode.Long(random.NextInt64()),
            new() { Type = WireType.Binary, Bytes = new byte[random.Next(300)] },
            new() { Type = WireType.Double, Bytes = new byte[8] },
            new() { Type = WireType.List, ItemType = WireType.True, Items = { ThriftNode.Boolean(true), ThriftNode.Boolean(false) } },
            ThriftNode.Struct(new ThriftField(1, ThriftNode.Struct()), new ThriftField(-7, ThriftNode.Integer(1))),
            new()
            {
                Type = WireType.Map,
                ItemType = WireType.Byte,
                ValueType = WireType.I32,
                Items = { new ThriftNode { Type = WireType.Byte, Number = 3 }, ThriftNode.Integer(4) }
            },
        ];
        node.Set(random.Next(40, 30000), values[random.Next(values.Length)]);
    }

    /// <summary>
    /// What a reader can do without: statistics, key-value metadata, the writer's name, sizes for
    /// display.
    /// </summary>
    private static void DropHints(FileModel file, ChunkModel chunk, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                chunk.Metadata.Remove(12);
                break;
            case 1:
                file.Footer.Remove(5);
                break;
            case 2:
                file.Footer.Remove(6);
                break;
            default:
                chunk.Metadata.Set(6, ThriftNode.Long(random.NextInt64()));
                break;
        }
    }

    private static PageModel UnknownPage(Random random)
    {
        var body = new byte[random.Next(200)];
        return new PageModel(
            ThriftNode.Struct(
                new(1, ThriftNode.Integer(random.Next(2) == 0 ? 1 : 9)), new(2, ThriftNode.Integer(body.Length)),
                new(3, ThriftNode.Integer(body.Length))),
            body);
    }

    /// <summary>Turns some pages of a chunk: versions may be mixed.</summary>
    private static void TurnVersions(FileModel file, ChunkModel chunk, Random random)
    {
        if (Element(file, chunk) is not { } element)
            return;
        foreach (var page in chunk.Pages.Where(page => page.IsData && random.Next(4) != 0))
            page.TurnVersion(chunk.Codec, element[3]!.Number == 1, random);
    }

    /// <summary>The schema element of a flat column; null for other columns.</summary>
    private static ThriftNode? Element(FileModel file, ChunkModel chunk)
    {
        var path = chunk.Metadata[3]!.Items;
        var element = file.Footer[2]!.Items.Skip(1).FirstOrDefault(element => element[4]!.Bytes.AsSpan().SequenceEqual(path[0].Bytes));
        return path.Count == 1 && element?[3] is { Number: < 2 } ? element : null;
    }
}
