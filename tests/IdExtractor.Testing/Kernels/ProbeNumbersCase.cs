using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using IdExtractor.Core.Keys;
using IdExtractor.Core.Scan.Match;
using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Testing.Kernels;

/// <summary>
/// Looks up integers and decimals of any fixed width. In adversarial input most of them are
/// negative, zero or larger than any key.
/// </summary>
internal sealed unsafe class ProbeNumbersCase() : KernelCase(KernelRegistry.ProbeNumbers, step: 8)
{
    public override KernelInput Make(Random random, int length, InputShape shape)
    {
        var column = shape == InputShape.Typical ? Column(PhysicalType.Int64, sizeof(long)) : random.Next(4) switch
        {
            0 => Column(PhysicalType.Int32, sizeof(int)),
            1 => Column(PhysicalType.Int64, sizeof(long)),
            _ => Column(PhysicalType.FixedLenByteArray, random.Next(1, 17)),
        };
        var limit = Math.Min(100_000_000_000, 1L << Math.Min((8 * column.FixedWidth) - 1, 62));
        var values = Many(
            length, _ => shape == InputShape.Adversarial && random.Next(4) > 0 ? random.Next(4) - 2 : random.NextInt64(limit));
        var others = Many(shape == InputShape.Typical && length > 1000 ? 100_000 : 50, _ => random.NextInt64(limit));
        var keys = new KeySetBuilder();
        foreach (var number in others.Concat(values.Where(_ => random.Next(ProbeCase.KeyEvery(shape)) == 0)))
            keys.Add(Encoding.ASCII.GetBytes(Math.Abs(number).ToString("D14", CultureInfo.InvariantCulture)));
        return new KernelInput
        {
            Sources = [[.. values.SelectMany(value => Stored(value, column))]],
            Targets = [new byte[length * sizeof(int)]],
            Arguments = [length],
            State = new Probed(column, keys.Build()),
        };
    }

    public override long Run(string variant, KernelInput input, KernelBuffers at)
    {
        var (column, probe) = (((Probed)input.State!).Column, ((Probed)input.State).Probe);
        var values = new ValueView { Data = at.SourcePointer(0), Width = column.FixedWidth, Count = (int)input.Arguments[0] };
        return variant switch
        {
            "filter" when column.Physical == PhysicalType.Int32 => probe.ProbeByFilter<StoredInt32>(values, at.Target<int>(0)),
            "filter" when column.Physical == PhysicalType.Int64 => probe.ProbeByFilter<StoredInt64>(values, at.Target<int>(0)),
            "filter" when column.FixedWidth <= sizeof(long) => probe.ProbeByFilter<StoredShortDecimal>(values, at.Target<int>(0)),
            "filter" => probe.ProbeByFilter<StoredLongDecimal>(values, at.Target<int>(0)),
            Kernel.Scalar => probe.ProbeEach(values, at.Target<int>(0)),
            _ => throw Unknown(variant),
        };
    }

    public override int Defined(int target, long result, KernelBuffers at) => (int)result * sizeof(int);

    private static ColumnDescriptor Column(PhysicalType physical, int width) => new()
    {
        Index = 0,
        Path = ["documento"],
        Physical = physical,
        TypeLength = physical == PhysicalType.FixedLenByteArray ? width : 0,
        Logical = physical == PhysicalType.FixedLenByteArray ? new LogicalType(LogicalKind.Decimal, Precision: 38) : default,
    };

    /// <summary>The number as the column stores it, cut to its width.</summary>
    private static byte[] Stored(long number, ColumnDescriptor column)
    {
        var wide = new byte[2 * sizeof(long)];
        if (column.Physical != PhysicalType.FixedLenByteArray)
        {
            BinaryPrimitives.WriteInt64LittleEndian(wide, number);
            return wide[..column.FixedWidth];
        }

        BinaryPrimitives.WriteInt128BigEndian(wide, number);
        return wide[^column.FixedWidth..];
    }

    private sealed class Probed(ColumnDescriptor column, KeySet keys)
    {
        public ColumnDescriptor Column => column;

        public NumberKeyProbe Probe { get; } = new(new NumberKeySet(keys), KeyMatcher.For(column, keys));
    }
}
