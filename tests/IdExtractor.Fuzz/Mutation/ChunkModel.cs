using IdExtractor.Parquet;

namespace IdExtractor.Fuzz.Mutation;

/// <summary>One column chunk of a <see cref="FileModel"/>.</summary>
internal sealed class ChunkModel
{
    /// <summary>
    /// Blocks outside the pages in ColumnMetaData and ColumnChunk: the field of the offset and that
    /// of the length.
    /// </summary>
    private static readonly (bool IsInMetadata, int Offset, int Length)[] Blocks = [(true, 14, 15), (false, 4, 5), (false, 6, 7)];

    private const int OffsetIndexBlock = 1;

    private readonly byte[]?[] _blocks = new byte[]?[Blocks.Length];

    private ChunkModel(ThriftNode chunk) => Chunk = chunk;

    /// <summary>ColumnChunk.</summary>
    public ThriftNode Chunk { get; }

    /// <summary>ColumnMetaData.</summary>
    public ThriftNode Metadata => Chunk[3]!;

    public List<PageModel> Pages { get; } = [];

    public CompressionCodec Codec => (CompressionCodec)Metadata[4]!.Number;

    /// <summary>Takes the pages of a sound file's chunk apart.</summary>
    public static ChunkModel Parse(byte[] file, ThriftNode chunk)
    {
        var model = new ChunkModel(chunk);
        var at = (int)model.Metadata[9]!.Number;
        if (model.Metadata[11] is { Number: > 0 } dictionary)
            at = (int)Math.Min(at, dictionary.Number);
        var end = at + (int)model.Metadata[7]!.Number;
        while (at < end)
            model.Pages.Add(PageModel.Parse(file, ref at));
        for (var i = 0; i < Blocks.Length; i++)
        {
            var holder = Blocks[i].IsInMetadata ? model.Metadata : chunk;
            if (holder[Blocks[i].Offset] is { } offset && holder[Blocks[i].Length] is { } length)
                model._blocks[i] = file.AsSpan((int)offset.Number, (int)length.Number).ToArray();
        }

        return model;
    }

    /// <summary>
    /// Appends pages and blocks to a file and makes the offsets true, those of the offset index
    /// too, where there still is a place for them.
    /// </summary>
    public void Append(List<byte> output)
    {
        var metadata = Chunk[3];
        var start = output.Count;
        var hasFirstPage = false;
        var places = new List<(int Offset, int Size)>();
        foreach (var page in Pages)
        {
            var offset = output.Count;
            if (page.IsDictionary && metadata?[11] is not null)
            {
                metadata.Set(11, ThriftNode.Long(output.Count));
            }
            else if (!hasFirstPage)
            {
                metadata?.Set(9, ThriftNode.Long(output.Count));
                hasFirstPage = true;
            }

            page.Append(output);
            if (page.IsData)
                places.Add((offset, output.Count - offset));
        }

        metadata?.Set(7, ThriftNode.Long(output.Count - start));
        for (var i = 0; i < Blocks.Length; i++)
        {
            if (_blocks[i] is not { } block)
                continue;
            var holder = Blocks[i].IsInMetadata ? metadata : Chunk;
            var written = i == OffsetIndexBlock ? WithTrueOffsets(block, places) : block;
            holder?.Set(Blocks[i].Offset, ThriftNode.Long(output.Count));
            if (written.Length != block.Length)
                holder?.Set(Blocks[i].Length, ThriftNode.Integer(written.Length));
            output.AddRange(written);
        }
    }

    /// <summary>
    /// Page indexes, for those who want to damage them; a bloom filter is nothing but bits.
    /// </summary>
    public void ChangeIndex(int which, Func<byte[], byte[]> change)
    {
        var block = OffsetIndexBlock + (which & 1);
        if (_blocks[block] is not { } bytes)
            return;
        _blocks[block] = change(bytes);
        Chunk.Set(Blocks[block].Length, ThriftNode.Integer(_blocks[block]!.Length));
    }

    /// <summary>
    /// An offset index whose pages are where they are now; as it is, when it does not speak of so
    /// many pages.
    /// </summary>
    private static byte[] WithTrueOffsets(byte[] block, List<(int Offset, int Size)> places)
    {
        ThriftNode index;
        try
        {
            index = ThriftCodec.Read(block, out _);
        }
        catch (Exception e) when (e is ArgumentException or InvalidDataException or IndexOutOfRangeException)
        {
            return block;
        }

        if (index[1] is not { } pages
            || pages.Items.Count != places.Count
            || pages.Items.Exists(page => page[1] is null || page[2] is null))
            return block;
        for (var i = 0; i < places.Count; i++)
        {
            pages.Items[i].Set(1, ThriftNode.Long(places[i].Offset));
            pages.Items[i].Set(2, ThriftNode.Integer(places[i].Size));
        }

        return ThriftCodec.Write(index);
    }
}
