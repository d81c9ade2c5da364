using System.Buffers.Binary;
using IdExtractor.Parquet;
using IdExtractor.Testing.Pages;

namespace IdExtractor.Core.Tests.Plan;

/// <summary>One element of a schema: a leaf with a type, or a group with children.</summary>
public sealed record SketchColumn(string Name, PhysicalType? Physical = PhysicalType.ByteArray)
{
    public int TypeLength { get; init; }

    /// <summary>0 required, 1 optional, 2 repeated.</summary>
    public int Repetition { get; init; } = 1;

    /// <summary>ConvertedType as in parquet.thrift.</summary>
    public int? Converted { get; init; }

    /// <summary>Field of the LogicalType union, for types without parameters.</summary>
    public int? Logical { get; init; }

    public int Scale { get; init; }

    public int Precision { get; init; }

    public SketchColumn[] Children { get; init; } = [];

    public IEnumerable<SketchColumn> Leaves => Children.Length == 0 ? [this] : Children.SelectMany(child => child.Leaves);

    public IEnumerable<SketchColumn> Elements => Children.SelectMany(child => child.Elements).Prepend(this);
}

/// <summary>
/// Writes Parquet files with a true footer and meaningless pages: enough to plan by.
/// </summary>
internal static class ParquetSketch
{
    /// <summary>
    /// A file whose row groups have these numbers of rows, each chunk of
    /// <paramref name="chunkBytes"/> bytes.
    /// </summary>
    public static byte[] File(SketchColumn[] columns, long[] rowGroups, int chunkBytes = 10, int paddingBytes = 0)
    {
        var leaves = columns.SelectMany(column => column.Leaves).ToArray();
        var thrift = new ThriftSketch();
        thrift.Field(1, 5).Integer(1);
        thrift.Field(2, 9).List(12, 1 + columns.Sum(column => column.Elements.Count()));
        thrift.Struct(() => thrift.Field(4, 8).Text("root").Field(5, 5).Integer(columns.Length));
        foreach (var element in columns.SelectMany(column => column.Elements))
            WriteElement(thrift, element);
        thrift.Field(3, 6).Integer(rowGroups.Sum());
        thrift.Field(4, 9).List(12, rowGroups.Length);
        for (var group = 0; group < rowGroups.Length; group++)
            WriteGroup(thrift, leaves, rowGroups[group], 4 + ((long)group * leaves.Length * chunkBytes), chunkBytes);
        thrift.Field(6, 8).Text("sketch" + new string('x', paddingBytes));
        var footer = thrift.End();

        var file = new MemoryStream();
        file.Write("PAR1"u8);
        file.Write(new byte[leaves.Length * rowGroups.Length * chunkBytes]);
        file.Write(footer);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        file.Write(length);
        file.Write("PAR1"u8);
        return file.ToArray();
    }

    internal static void WriteElement(ThriftSketch thrift, SketchColumn column) => thrift.Struct(() =>
    {
        if (column.Children.Length == 0)
        {
            thrift.Field(1, 5).Integer((int)column.Physical!.Value);
            if (column.TypeLength != 0)
                thrift.Field(2, 5).Integer(column.TypeLength);
        }

        thrift.Field(3, 5).Integer(column.Repetition).Field(4, 8).Text(column.Name);
        if (column.Children.Length > 0)
            thrift.Field(5, 5).Integer(column.Children.Length);
        if (column.Converted is { } converted)
            thrift.Field(6, 5).Integer(converted).Field(7, 5).Integer(column.Scale).Field(8, 5).Integer(column.Precision);
        if (column.Logical is { } logical)
            thrift.Field(10, 12).Struct(() => thrift.Field(logical, 12).Struct(() => { }));
    });

    private static void WriteGroup(
        ThriftSketch thrift, SketchColumn[] leaves, long rows, long offset, int chunkBytes) => thrift.Struct(() =>
    {
        thrift.Field(1, 9).List(12, leaves.Length);
        for (var leaf = 0; leaf < leaves.Length; leaf++)
        {
            var column = leaves[leaf];
            var start = offset + ((long)leaf * chunkBytes);
            thrift.Struct(() => thrift.Field(3, 12).Struct(() => thrift
                .Field(1, 5).Integer((int)column.Physical!.Value)
                .Field(4, 5).Integer(0)
                .Field(5, 6).Integer(rows)
                .Field(6, 6).Integer(chunkBytes)
                .Field(7, 6).Integer(chunkBytes)
                .Field(9, 6).Integer(start)));
        }

        thrift.Field(3, 6).Integer(rows);
    });
}
