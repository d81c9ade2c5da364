using System.Buffers.Binary;

namespace IdExtractor.Fuzz.Mutation;

/// <summary>
/// A valid Parquet file taken apart into footer, chunks and pages, which can be changed and put
/// together again. Putting it together corrects offsets and chunk lengths, and leaves other damage
/// in place. Bloom filters and column indexes move unchanged; offset indexes are corrected.
/// </summary>
internal sealed class FileModel
{
    private static readonly byte[] Magic = "PAR1"u8.ToArray();

    private FileModel(ThriftNode footer, List<ChunkModel> chunks)
    {
        Footer = footer;
        Chunks = chunks;
    }

    /// <summary>FileMetaData.</summary>
    public ThriftNode Footer { get; }

    /// <summary>The chunks of all row groups, in the footer's order.</summary>
    public List<ChunkModel> Chunks { get; }

    /// <summary>All pages.</summary>
    public IEnumerable<PageModel> Pages => Chunks.SelectMany(chunk => chunk.Pages);

    /// <summary>The footer of a sound file.</summary>
    public static ThriftNode ReadFooter(byte[] file)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(file.Length - 8));
        return ThriftCodec.Read(file.AsSpan(file.Length - 8 - length, length), out _);
    }

    /// <summary>A sound file with another footer: nothing else is changed.</summary>
    public static byte[] WithFooter(byte[] file, Action<ThriftNode> change)
    {
        var start = file.Length - 8 - BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(file.Length - 8));
        var footer = ReadFooter(file);
        change(footer);
        var written = ThriftCodec.Write(footer);
        return [.. file.AsSpan(0, start), .. written, .. BitConverter.GetBytes(written.Length), .. Magic];
    }

    /// <summary>Takes a sound file apart.</summary>
    public static FileModel Parse(byte[] file)
    {
        var footer = ReadFooter(file);
        var chunks = footer[4]!.Items.SelectMany(group => group[1]!.Items).Select(chunk => ChunkModel.Parse(file, chunk)).ToList();
        return new FileModel(footer, chunks);
    }

    /// <summary>The file again.</summary>
    public byte[] Assemble()
    {
        var output = new List<byte>(Magic);
        foreach (var chunk in Chunks)
            chunk.Append(output);
        var footer = ThriftCodec.Write(Footer);
        output.AddRange(footer);
        output.AddRange(BitConverter.GetBytes(footer.Length));
        output.AddRange(Magic);
        return [.. output];
    }
}
