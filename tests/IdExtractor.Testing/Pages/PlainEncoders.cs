using System.Buffers.Binary;

namespace IdExtractor.Testing.Pages;

/// <summary>
/// Each encoding written straight from the format's description, for tests only: slow, and without
/// any choice that is not a parameter.
/// </summary>
internal static class PlainEncoders
{
    internal static byte[] ByteArrays(IEnumerable<byte[]> values)
    {
        var bytes = new EncodedBytes();
        var prefix = new byte[4];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt32LittleEndian(prefix, value.Length);
            bytes.Add(prefix).Add(value);
        }

        return bytes.ToArray();
    }

    internal static EncodedBytes AddRepeated(this EncodedBytes bytes, int value, int count, int width)
    {
        bytes.AddVarint((ulong)count << 1);
        for (var shift = 0; shift < width; shift += 8)
            bytes.Add((byte)((long)value >> shift));
        return bytes;
    }

    /// <summary>Adds a packed run. Fills the last group with zeros by default.</summary>
    internal static EncodedBytes AddPacked(this EncodedBytes bytes, IReadOnlyCollection<int> values, int width, bool isPadded = true)
    {
        var groups = (values.Count + 7) / 8;
        bytes.AddVarint(((ulong)groups << 1) | 1);
        var padded = isPadded ? values.Concat(new int[(groups * 8) - values.Count]) : values;
        return bytes.AddLowBitsFirst(padded.Select(value => (ulong)(uint)value), width);
    }

    /// <summary>
    /// Splits values into runs of random kind and length. Only the length of the last packed run
    /// may not be a multiple of eight.
    /// </summary>
    internal static byte[] Hybrid(int[] values, int width, Random random, bool isPadded = true)
    {
        var bytes = new EncodedBytes();
        for (var at = 0; at < values.Length;)
        {
            var same = 1;
            while (at + same < values.Length && values[at + same] == values[at])
                same++;
            if (random.Next(10) == 0)
                bytes.AddRepeated(values[at], count: 0, width);
            if (random.Next(3) == 0 || (same >= 8 && random.Next(4) != 0))
            {
                var count = random.Next(1, same + 1);
                bytes.AddRepeated(values[at], count, width);
                at += count;
            }
            else
            {
                var count = Math.Min(values.Length - at, 8 * random.Next(1, random.Next(4) == 0 ? 40 : 4));
                bytes.AddPacked(values[at..(at + count)], width, isPadded || at + count < values.Length);
                at += count;
            }
        }

        return bytes.ToArray();
    }

    /// <summary>
    /// How a test wants its DELTA_BINARY_PACKED stream: what writers do differently.
    /// </summary>
    /// <param name="BlockLength">Values a block.</param>
    /// <param name="Miniblocks">Miniblocks a block.</param>
    /// <param name="WrapsDeltas">Whether differences wrap in 32 bits, as parquet-java has them;
    /// else they take up to 33, as DuckDB has them.</param>
    /// <param name="UnusedWidth">The bit width given to miniblocks without values.</param>
    /// <param name="IsPadded">Whether the last body is filled up.</param>
    internal sealed record DeltaShape(
        int BlockLength = 128, int Miniblocks = 4, bool WrapsDeltas = true, byte UnusedWidth = 0, bool IsPadded = true);

    internal static byte[] DeltaBinaryPacked(long[] values, bool is32Bit, DeltaShape? shape = null)
    {
        shape ??= new DeltaShape();
        var bytes = new EncodedBytes()
            .AddVarint((ulong)shape.BlockLength)
                .AddVarint((ulong)shape.Miniblocks)
                .AddVarint((ulong)values.Length)
                .AddZigZag(values.FirstOrDefault());
        var deltas = values.Skip(1)
            .Zip(values, (next, value) => is32Bit && shape.WrapsDeltas ? (int)(next - value) : unchecked(next - value))
            .ToArray();
        foreach (var block in deltas.Chunk(shape.BlockLength))
        {
            var smallest = block.Min();
            bytes.AddZigZag(smallest);
            var bodies = block.Select(delta => unchecked((ulong)(delta - smallest)))
                .Select(delta => is32Bit && shape.WrapsDeltas ? (uint)delta : delta)
                .Chunk(shape.BlockLength / shape.Miniblocks).ToArray();
            var widths = bodies.Select(body => EncodedBytes.WidthOf(body.Max())).ToArray();
            for (var i = 0; i < shape.Miniblocks; i++)
                bytes.Add(i < widths.Length ? (byte)widths[i] : shape.UnusedWidth);
            for (var i = 0; i < bodies.Length; i++)
            {
                var padding = shape.IsPadded ? (shape.BlockLength / shape.Miniblocks) - bodies[i].Length : 0;
                bytes.AddLowBitsFirst(bodies[i].Concat(new ulong[padding]), widths[i]);
            }
        }

        return bytes.ToArray();
    }

    internal static byte[] DeltaLengthByteArray(byte[][] values, DeltaShape? shape = null) =>
        [.. DeltaBinaryPacked([.. values.Select(value => (long)value.Length)], is32Bit: true, shape), .. values.SelectMany(value => value)];

    internal static byte[] DeltaByteArray(byte[][] values, DeltaShape? shape = null)
    {
        var prefixes = values.Select((value, i) => i == 0 ? 0L : value.AsSpan().CommonPrefixLength(values[i - 1])).ToArray();
        var suffixes = values.Select((value, i) => value[(int)prefixes[i]..]).ToArray();
        return [.. DeltaBinaryPacked(prefixes, is32Bit: true, shape), .. DeltaLengthByteArray(suffixes, shape)];
    }

    /// <summary>Takes values of one width, one after another.</summary>
    internal static byte[] ByteStreamSplit(byte[] values, int width) =>
        [.. Enumerable.Range(0, width)
            .SelectMany(place => Enumerable.Range(0, values.Length / width).Select(i => values[(i * width) + place]))];
}
