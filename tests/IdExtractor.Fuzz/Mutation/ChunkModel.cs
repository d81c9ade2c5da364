using IdExtractor.Core.Parquet;

namespace IdExtractor.Fuzz.Mutation;

/// <summary>One column chunk of a <see cref="FileModel"/>.</summary>
internal sealed class ChunkModel
{
    /// <summary>Where ColumnMetaData and ColumnChunk tell of blocks outside the pages: the field of the offset and that of the length.</summary>
    private static readonly (bool IsInMetadata, int Offset, int Length)[] Blocks = [(true, 14, 15), (false, 4, 5), (false, 6, 7)];

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

    /// <summary>Appends pages and blocks to a file and makes the offsets true, where there still is a place for them.</summary>
    public void Append(List<byte> output)
    {
        var metadata = Chunk[3];
        var start = output.Count;
        var hasFirstPage = false;
        foreach (var page in Pages)
        {
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
        }

        metadata?.Set(7, ThriftNode.Long(output.Count - start));
        for (var i = 0; i < Blocks.Length; i++)
        {
            if (_blocks[i] is not { } block)
                continue;
            (Blocks[i].IsInMetadata ? metadata : Chunk)?.Set(Blocks[i].Offset, ThriftNode.Long(output.Count));
            output.AddRange(block);
        }
    }
}
