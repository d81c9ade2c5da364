using IdExtractor.Fuzz.Hints;
using IdExtractor.Fuzz.Mutation;
using IdExtractor.Fuzz.Reading;

namespace IdExtractor.Conformance.Tests.Footer;

/// <summary>
/// Fields of the footer that are not needed and have another Thrift type than the format defines:
/// they are skipped, as generated Thrift readers do.
/// </summary>
public sealed class FieldTypesTests
{
    private static readonly ThriftNode[] s_values =
    [
        ThriftNode.Boolean(true), new() { Type = WireType.Byte, Number = 3 }, ThriftNode.Integer(7),
        ThriftNode.Long(1L << 40), new() { Type = WireType.Double, Bytes = new byte[8] }, ThriftNode.Binary([1, 2, 3]),
        ThriftNode.ListOf(WireType.I32, [ThriftNode.Integer(1)]),
        new() { Type = WireType.Set, ItemType = WireType.I32, Items = { ThriftNode.Integer(1) } },
        new()
        {
            Type = WireType.Map,
            ItemType = WireType.I32,
            ValueType = WireType.I32,
            Items = { ThriftNode.Integer(1), ThriftNode.Integer(2) }
        },
        ThriftNode.Struct(new ThriftField(1, ThriftNode.Integer(3))),
    ];

    /// <summary>The structure, the field and the type that the format defines for it.</summary>
    public static TheoryData<string, int, int> Fields
    {
        get
        {
            var data = new TheoryData<string, int, int>();
            Add(
                "file", (1, WireType.I32), (3, WireType.I64), (5, WireType.List), (6, WireType.Binary), (7, WireType.List),
                (8, WireType.Struct), (9, WireType.Binary));
            Add("group", (2, WireType.I64), (4, WireType.List), (5, WireType.I64), (6, WireType.I64), (7, WireType.I16));
            Add(
                "chunk", (1, WireType.Binary), (2, WireType.I64), (4, WireType.I64), (5, WireType.I32), (6, WireType.I64),
                (7, WireType.I32), (8, WireType.Struct), (9, WireType.Binary));
            Add("metadata", (2, WireType.List), (6, WireType.I64), (8, WireType.List), (10, WireType.I64), (11, WireType.I64),
                (12, WireType.Struct), (13, WireType.List), (14, WireType.I64), (15, WireType.I32), (16, WireType.Struct));
            Add(
                "statistics", (1, WireType.Binary), (2, WireType.Binary), (3, WireType.I64), (4, WireType.I64), (5, WireType.Binary),
                (6, WireType.Binary), (7, WireType.True), (8, WireType.True));
            Add("element", (2, WireType.I32), (9, WireType.I32), (10, WireType.Struct));
            return data;

            void Add(string structure, params (int Id, WireType Type)[] fields)
            {
                foreach (var (id, type) in fields)
                    data.Add(structure, id, (int)type);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void Scan_FieldOfAnotherType_IsSkipped(string structure, int id, int type)
    {
        for (var seed = 0; seed < 3; seed++)
        {
            // Text needs neither a length nor the newer annotation.
            var file = HintedFile.Create(new Random(seed), DocumentKind.Text);
            var row = Array.FindIndex(file.Documents.Values, value => value is not null);
            foreach (var value in s_values.Where(value => (int)value.Type != type))
            {
                var bytes = file.Write(footer => Find(footer, structure).Set(id, value));
                var image = ParquetImage.Open("odd", bytes);
                var sample = KeySample.OfValues(image.Footer.Columns[0], [file.Documents.Stored(file.Documents.Values[row]!.Value)]);
                foreach (var prune in new[] { true, false })
                {
                    var (ids, _) = TableRun.Run(
                        [image], _ => image.Footer.Columns[0], _ => image.Footer.Columns[1], sample.Keys, threads: 1, longestId: 64, prune);
                    Assert.Contains(System.Text.Encoding.ASCII.GetString(file.Ids.Stored(row)), ids);
                }
            }
        }
    }

    private static ThriftNode Find(ThriftNode footer, string structure)
    {
        var group = footer[4]!.Items[0];
        var chunk = group[1]!.Items[0];
        return structure switch
        {
            "file" => footer,
            "group" => group,
            "chunk" => chunk,
            "metadata" => chunk[3]!,
            "statistics" => chunk[3]![12]!,
            _ => footer[2]!.Items[1],
        };
    }
}
