using IdExtractor.Fuzz.Mutation;

namespace IdExtractor.Fuzz.Hints;

/// <summary>
/// A random Parquet file of documents and ids in small PLAIN pages, with all hints that the format
/// has.
/// </summary>
internal sealed class HintedFile
{
    /// <summary>A writer whose hints may all be used.</summary>
    private const string TrustedWriter = "parquet-mr version 1.13.1 (build db4183109d5b734ec5930d870cdae161e408ddba)";

    private readonly List<byte> _bytes = [.. "PAR1"u8];

    private HintedFile()
    {
    }

    /// <summary>The documents.</summary>
    public required HintedColumn Documents { get; init; }

    /// <summary>The ids: the number of the row in the file.</summary>
    public required HintedColumn Ids { get; init; }

    /// <summary>All chunks: documents and ids of each row group in turn.</summary>
    public List<HintedChunk> Chunks { get; } = [];

    /// <summary>
    /// Documents of different row groups lie in different ranges, so that hints of one contradict
    /// those of another.
    /// </summary>
    public required bool IsClustered { get; init; }

    /// <summary>
    /// Makes a file: one to three row groups, pages of random sizes, some of them of nulls only.
    /// </summary>
    /// <param name="random">Makes it.</param>
    /// <param name="kind">How documents are stored; null for any.</param>
    public static HintedFile Create(Random random, DocumentKind? kind = null)
    {
        var rows = random.Next(30, 500);
        var isClustered = random.Next(4) != 0;
        var nulls = random.Next(3) switch { 0 => 0, 1 => 3, _ => 10 };
        var documents = new long?[rows];
        for (var row = 0; row < rows; row++)
        {
            var isNull = random.Next(100) < nulls || (nulls > 0 && row / 40 % 4 == 1);
            documents[row] = isNull ? null : isClustered ? (row * 1000L) + random.Next(900) + 1 : random.Next(1, 500_000);
        }

        kind ??= (DocumentKind)random.Next((int)DocumentKind.FixedDecimal + 1);
        var file = new HintedFile
        {
            Documents = new HintedColumn("documento", kind.Value, documents),
            Ids = new HintedColumn("id", DocumentKind.Text, [.. Enumerable.Range(0, rows).Select(row => (long?)row)], "id-"),
            IsClustered = isClustered,
        };
        var groups = random.Next(1, 4);
        for (var group = 0; group < groups; group++)
        {
            var (from, to) = (rows * group / groups, rows * (group + 1) / groups);
            file.WritePages(file.Documents, group, from, to, random);
            file.WritePages(file.Ids, group, from, to, random);
        }

        return file;
    }

    /// <summary>The file with the hints that its chunks have now.</summary>
    /// <param name="change">Changes the footer before it is written.</param>
    public byte[] Write(Action<ThriftNode> change)
    {
        var bytes = new List<byte>(_bytes);
        var metadata = Chunks.Select(chunk => WriteHints(bytes, chunk)).ToList();
        var groups = Chunks.Select((chunk, i) => (chunk, node: metadata[i]))
            .GroupBy(pair => pair.chunk.Group)
            .Select(pairs => ThriftNode.Struct(
            new(1, ThriftNode.ListOf(WireType.Struct, pairs.Select(pair => pair.node))),
            new(2, ThriftNode.Long(0)),
            new(3, ThriftNode.Long(pairs.First().chunk.Rows))));
        var order = ThriftNode.Struct(new ThriftField(1, ThriftNode.Struct()));
        var footer = ThriftNode.Struct(
            new(1, ThriftNode.Integer(1)),
            new(
                2,
                ThriftNode.ListOf(
                    WireType.Struct,
                    [
                        ThriftNode.Struct(new(4, ThriftNode.Binary("root"u8.ToArray())), new(5, ThriftNode.Integer(2))),
                        Documents.Element(), Ids.Element()])),
            new(3, ThriftNode.Long(Documents.Values.Length)),
            new(4, ThriftNode.ListOf(WireType.Struct, groups)),
            new(6, ThriftNode.Binary(System.Text.Encoding.ASCII.GetBytes(TrustedWriter))),
            new(7, ThriftNode.ListOf(WireType.Struct, [order, order])));
        change(footer);
        var written = ThriftCodec.Write(footer);
        return [.. bytes, .. written, .. BitConverter.GetBytes(written.Length), .. "PAR1"u8];
    }

    private void WritePages(HintedColumn column, int group, int from, int to, Random random)
    {
        var pages = new List<HintedPage>();
        var most = random.Next(2, 40);
        for (var row = from; row < to;)
        {
            var count = Math.Min(random.Next(1, most + 1), to - row);
            var values = column.Values[row..(row + count)];
            var offset = _bytes.Count;
            WritePage(column, values);
            pages.Add(new HintedPage(offset, _bytes.Count - offset, values));
            row += count;
        }

        Chunks.Add(HintedChunk.Of(column, group, pages));
    }

    /// <summary>
    /// A data page of version 1: definition levels in one bit-packed run, then the values.
    /// </summary>
    private void WritePage(HintedColumn column, long?[] values)
    {
        var groups = (values.Length + 7) / 8;
        var packed = new byte[groups];
        for (var row = 0; row < values.Length; row++)
            packed[row / 8] |= (byte)((values[row] is null ? 0 : 1) << (row % 8));
        var run = (groups << 1) | 1;
        byte[] levels = [.. run < 0x80 ? (byte[])[(byte)run] : [(byte)(run | 0x80), (byte)(run >> 7)], .. packed];
        var body = new List<byte>([.. BitConverter.GetBytes(levels.Length), .. levels]);
        foreach (var value in values.OfType<long>())
        {
            var stored = column.Stored(value);
            if (column.Kind == DocumentKind.Text)
                body.AddRange(BitConverter.GetBytes(stored.Length));
            body.AddRange(stored);
        }

        var size = ThriftNode.Integer(body.Count);
        var data = ThriftNode.Struct(
            new(1, ThriftNode.Integer(values.Length)), new(2, ThriftNode.Integer(0)), new(3, ThriftNode.Integer(3)),
            new(4, ThriftNode.Integer(3)));
        _bytes.AddRange(ThriftCodec.Write(ThriftNode.Struct(new(1, ThriftNode.Integer(0)), new(2, size), new(3, size), new(5, data))));
        _bytes.AddRange(body);
    }

    /// <summary>Writes the hints of a chunk, and returns its <c>ColumnChunk</c>.</summary>
    private static ThriftNode WriteHints(List<byte> bytes, HintedChunk chunk)
    {
        var metadata = ThriftNode.Struct(
            new(1, ThriftNode.Integer(chunk.Column.Physical)),
            new(2, ThriftNode.ListOf(WireType.I32, [ThriftNode.Integer(0), ThriftNode.Integer(3)])),
            new(3, ThriftNode.ListOf(WireType.Binary, [ThriftNode.Binary(System.Text.Encoding.ASCII.GetBytes(chunk.Column.Name))])),
            new(4, ThriftNode.Integer(0)),
            new(5, ThriftNode.Long(chunk.Rows)),
            new(6, ThriftNode.Long(chunk.Length)),
            new(7, ThriftNode.Long(chunk.Length)),
            new(9, ThriftNode.Long(chunk.Start)));
        var node = ThriftNode.Struct(new(2, ThriftNode.Long(chunk.Start)), new(3, metadata));
        if (chunk.Statistics is { } statistics)
            metadata.Set(12, statistics);
        if (chunk.Bloom is { } bits)
        {
            var first = ThriftNode.Struct(new ThriftField(1, ThriftNode.Struct()));
            metadata.Set(14, ThriftNode.Long(bytes.Count));
            bytes.AddRange(
                ThriftCodec.Write(ThriftNode.Struct(new(1, ThriftNode.Integer(bits.Length)), new(2, first), new(3, first), new(4, first))));
            bytes.AddRange(bits);
        }

        WriteIndex(bytes, node, chunk.OffsetIndex, 4);
        WriteIndex(bytes, node, chunk.ColumnIndex, 6);
        return node;
    }

    private static void WriteIndex(List<byte> bytes, ThriftNode chunk, ThriftNode? index, int field)
    {
        if (index is null)
            return;
        var written = ThriftCodec.Write(index);
        chunk.Set(field, ThriftNode.Long(bytes.Count));
        chunk.Set(field + 1, ThriftNode.Integer(written.Length));
        bytes.AddRange(written);
    }
}
