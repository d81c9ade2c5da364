using IdExtractor.Fuzz.Mutation;

namespace IdExtractor.Fuzz.Hints;

/// <summary>
/// Drops, empties, exchanges, widens and shifts hints, in every way that a reader can notice: by
/// the hint itself, by another one, or by the pages. What no reader can notice (ADR 6) is not done.
/// </summary>
internal static class HintChanges
{
    private const int Min = 6, Max = 5, NullCount = 3;

    private static readonly (string Name, Action<HintedFile, HintedChunk, Random> Apply)[] s_changes =
    [
        ("drop statistics", (_, chunk, _) => chunk.Statistics = null),
        (
            "drop a field of the statistics",
            (_, chunk, random) => chunk.Statistics?.Remove(random.Next(3) switch { 0 => Min, 1 => Max, _ => NullCount })),
        ("drop the column index", (_, chunk, _) => chunk.ColumnIndex = null),
        ("drop the offset index", (_, chunk, _) => chunk.OffsetIndex = null),
        ("drop the bloom filter", (_, chunk, _) => chunk.Bloom = null),
        ("drop a list of the column index", (_, chunk, random) => chunk.ColumnIndex?.Remove(random.Next(1, 6))),
        ("drop the counts of nulls", (_, chunk, _) => chunk.ColumnIndex?.Remove(5)),
        ("drop the place of a page", (_, chunk, random) => DropPage(chunk, random)),
        ("empty the bounds of the footer", (_, chunk, random) => EmptyFooter(chunk, random)),
        ("empty the bounds of all pages", (_, chunk, random) => EmptyPages(chunk, random, share: 1)),
        ("empty the bounds of some pages", (_, chunk, random) => EmptyPages(chunk, random, share: 3)),
        ("empty the column index", (_, chunk, _) => chunk.ColumnIndex = ThriftNode.Struct()),
        ("empty the offset index", (_, chunk, _) => chunk.OffsetIndex?[1]!.Items.Clear()),
        ("empty the bloom filter", (_, chunk, _) => chunk.Bloom = chunk.Bloom is { } bits ? new byte[bits.Length] : null),
        ("call pages null", (_, chunk, random) => CallNull(chunk, random)),
        ("exchange the bounds of the footer", (_, chunk, _) => Exchange(chunk.Statistics)),
        ("exchange the bounds of a page", (_, chunk, random) => ExchangePage(chunk, random)),
        (
            "exchange bloom filters",
            (file, chunk, random) => (chunk.Bloom, Other(file, chunk, random).Bloom) = (Other(file, chunk, random).Bloom, chunk.Bloom)),
        ("exchange offset indexes", (file, chunk, random) => ExchangeOffsets(chunk, file.Chunks[random.Next(file.Chunks.Count)])),
        ("widen the bounds of the footer", (file, chunk, random) => WidenFooter(file, chunk, random)),
        ("widen the bounds of pages", (file, chunk, random) => WidenPages(file, chunk, random)),
        ("shift rows", (_, chunk, random) => ShiftRows(chunk, random)),
        ("shift bytes", (_, chunk, random) => ShiftBytes(chunk, random)),
        ("claim an order", (_, chunk, random) => chunk.ColumnIndex?.Set(4, ThriftNode.Integer(random.Next(4)))),
    ];

    /// <summary>Makes some changes.</summary>
    /// <returns>Their names.</returns>
    public static IReadOnlyList<string> Apply(HintedFile file, Random random)
    {
        var names = new List<string>();

        // Only hints that are otherwise true contradict one that belongs to another chunk.
        if (file.IsClustered && file.Chunks.Count > 2 && random.Next(5) == 0)
            return [ExchangeBetweenGroups(file, random)];
        for (var left = random.Next(1, 5); left > 0; left--)
        {
            var (name, apply) = s_changes[random.Next(s_changes.Length)];
            var chunk = file.Chunks[random.Next(3) == 0 ? random.Next(file.Chunks.Count) : random.Next(file.Chunks.Count / 2) * 2];
            apply(file, chunk, random);
            names.Add(name);
        }

        return names;
    }

    /// <summary>
    /// Changes the footer: fields that are not needed get another type, or are dropped.
    /// </summary>
    public static string Footer(ThriftNode footer, Random random)
    {
        ThriftNode[] odd =
        [
            ThriftNode.Boolean(true), ThriftNode.Integer(7), ThriftNode.Long(1L << 40), ThriftNode.Binary([1, 2, 3]),
            ThriftNode.Struct(new ThriftField(1, ThriftNode.Integer(3))),
            ThriftNode.ListOf(WireType.I32, [ThriftNode.Integer(1)]), new ThriftNode { Type = WireType.Double, Bytes = new byte[8] },
        ];
        var value = odd[random.Next(odd.Length)];
        var groups = footer[4]!.Items;
        var chunk = groups[random.Next(groups.Count)][1]!.Items[random.Next(2)];
        var (node, field) = random.Next(5) switch
        {
            0 => (footer, new[] { 1, 3, 5, 6, 7, 9 }[random.Next(6)]),
            1 => (chunk, new[] { 1, 2, 4, 5, 6, 7 }[random.Next(6)]),
            2 => (chunk[3]!, new[] { 2, 6, 8, 10, 12, 13, 14, 15, 16 }[random.Next(9)]),
            3 when chunk[3]![12] is { Type: WireType.Struct } statistics => (statistics, random.Next(1, 9)),
            _ => (groups[random.Next(groups.Count)], new[] { 2, 4, 5, 6, 7 }[random.Next(5)]),
        };
        var isSame = node[field]?.Type == value.Type || value.Type == WireType.Binary || value.Type == WireType.True;
        if (isSame || random.Next(4) == 0)
        {
            // A value of the right type would be another lie.
            node.Remove(field);
            return $"drop field {field}";
        }

        if (IsOptionalNumber(node[field], field, value))
            return "nothing";
        node.Set(field, value);
        return $"turn field {field} into {value.Type}";
    }

    /// <summary>
    /// Absent fields might take the value for true: then the change is not one of the type.
    /// </summary>
    private static bool IsOptionalNumber(ThriftNode? current, int field, ThriftNode value) =>
        current is null && value.Type is WireType.I32 or WireType.I64 && field != 0;

    private static void DropPage(HintedChunk chunk, Random random)
    {
        if (chunk.OffsetIndex?[1] is { Items: { Count: > 0 } pages })
            pages.RemoveAt(random.Next(pages.Count));
    }

    private static void EmptyFooter(HintedChunk chunk, Random random)
    {
        if (chunk.Statistics is not { } statistics || statistics[Min] is not { } min)
            return;
        var empty = ThriftNode.Binary(new byte[chunk.Column.Kind == DocumentKind.Text || random.Next(2) == 0 ? 0 : min.Bytes.Length]);
        statistics.Set(Min, empty);
        statistics.Set(Max, empty);
    }

    private static void EmptyPages(HintedChunk chunk, Random random, int share)
    {
        if (chunk.ColumnIndex is not { } index || index[2] is not { } mins || index[3] is not { } maxs)
            return;
        var isZero = chunk.Column.Kind != DocumentKind.Text && random.Next(2) == 0;
        for (var page = 0; page < Math.Min(mins.Items.Count, maxs.Items.Count); page++)
        {
            if (random.Next(share) == 0)
                mins.Items[page] = maxs.Items[page] = ThriftNode.Binary(new byte[isZero ? mins.Items[page].Bytes.Length : 0]);
        }
    }

    /// <summary>Without counts of nulls, or with ones that contradict the footer.</summary>
    private static void CallNull(HintedChunk chunk, Random random)
    {
        if (chunk.ColumnIndex is not { } index || index[1] is not { } nullPages)
            return;
        for (var page = 0; page < nullPages.Items.Count; page++)
        {
            if (random.Next(3) == 0)
                nullPages.Items[page] = ThriftNode.Boolean(true);
        }

        if (random.Next(2) == 0)
            index.Remove(5);
    }

    private static void Exchange(ThriftNode? statistics)
    {
        if (statistics is null || statistics[Min] is not { } min || statistics[Max] is not { } max)
            return;
        statistics.Set(Min, max);
        statistics.Set(Max, min);
    }

    private static void ExchangePage(HintedChunk chunk, Random random)
    {
        if (chunk.ColumnIndex is not { } index || index[2] is not { } mins || index[3] is not { } maxs
            || mins.Items.Count != maxs.Items.Count)
            return;
        var page = random.Next(mins.Items.Count);
        (mins.Items[page], maxs.Items[page]) = (maxs.Items[page], mins.Items[page]);
    }

    private static HintedChunk Other(HintedFile file, HintedChunk chunk, Random random) =>
        file.Chunks.Find(other => other != chunk && other.Column == chunk.Column) ?? file.Chunks[random.Next(file.Chunks.Count)];

    private static void ExchangeOffsets(HintedChunk one, HintedChunk other) =>
        (one.OffsetIndex, other.OffsetIndex) = (other.OffsetIndex, one.OffsetIndex);

    private static string ExchangeBetweenGroups(HintedFile file, Random random)
    {
        var (one, other) = (file.Chunks[0], file.Chunks[2]);
        if (random.Next(2) == 0)
            (one.ColumnIndex, other.ColumnIndex) = (other.ColumnIndex, one.ColumnIndex);
        else
            (one.Statistics, other.Statistics) = (other.Statistics, one.Statistics);
        return "exchange hints between row groups";
    }

    private static void WidenFooter(HintedFile file, HintedChunk chunk, Random random)
    {
        var values = file.Documents.Values.OfType<long>().ToList();
        if (chunk.Column != file.Documents || chunk.Statistics is not { } statistics || values.Count == 0)
            return;
        if (statistics[Min] is not null && random.Next(2) == 0)
            statistics.Set(Min, ThriftNode.Binary(chunk.Column.Stored(0)));
        if (statistics[Max] is not null && random.Next(2) == 0)
            statistics.Set(Max, ThriftNode.Binary(chunk.Column.Stored(values.Max() + random.Next(1000))));
    }

    private static void WidenPages(HintedFile file, HintedChunk chunk, Random random)
    {
        if (chunk.Column != file.Documents || chunk.ColumnIndex is not { } index || index[2] is not { } mins || index[3] is not { } maxs)
            return;
        for (var page = 0; page < Math.Min(mins.Items.Count, maxs.Items.Count); page++)
        {
            // A shorter text is a lower bound too.
            if (mins.Items[page].Bytes.Length > 0 && random.Next(3) == 0)
                mins.Items[page] = ThriftNode.Binary(
                    chunk.Column.Kind == DocumentKind.Text && random.Next(2) == 0
                        ? mins.Items[page].Bytes[..^random.Next(1, 8)]
                        : chunk.Column.Stored(0));
            if (maxs.Items[page].Bytes.Length > 0 && random.Next(3) == 0)
                maxs.Items[page] = ThriftNode.Binary(chunk.Column.Stored(1_000_000_000));
        }
    }

    /// <summary>Moves rows between pages, so that the sum stays.</summary>
    private static void ShiftRows(HintedChunk chunk, Random random)
    {
        if (chunk.OffsetIndex?[1] is not { Items: { Count: > 2 } pages })
            return;
        var from = random.Next(1, pages.Count);
        var to = random.Next(from, pages.Count);
        var rows = random.Next(-3, 4);
        for (var page = from; page <= to; page++)
            pages[page].Set(3, ThriftNode.Long(pages[page][3]!.Number + rows));
    }

    private static void ShiftBytes(HintedChunk chunk, Random random)
    {
        if (chunk.OffsetIndex?[1] is not { Items: { Count: > 2 } pages })
            return;
        var page = random.Next(1, pages.Count);
        var bytes = random.Next(-5, 6);
        pages[page - 1].Set(2, ThriftNode.Integer(pages[page - 1][2]!.Number + bytes));
        pages[page].Set(1, ThriftNode.Long(pages[page][1]!.Number + bytes));
        pages[page].Set(2, ThriftNode.Integer(pages[page][2]!.Number - bytes));
    }
}
