using IdExtractor.Parquet.Encodings;
using IdExtractor.Testing.Buffers;
using IdExtractor.Testing.Pages;
using Xunit;

namespace IdExtractor.Parquet.Tests.Encodings;

/// <summary>
/// Every stream, cut at each byte and with each byte changed: a status or values, and no byte
/// touched outside of the page. Pages end at guard pages, so a wrong access ends the process.
/// </summary>
public class DamagedStreamTests
{
    private const int Count = 60;

    private delegate DecodeStatus Drain(ReadOnlySpan<byte> page, int count);

    public static TheoryData<string> Streams => [.. All(new Random(0)).Keys];

    [Theory]
    [MemberData(nameof(Streams))]
    public void Draw_CutAtEveryByte_EndsWithAStatus(string name)
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var (bytes, drain) = All(new Random(seed))[name];
            Assert.Equal(DecodeStatus.Ok, Run(bytes, drain));
            for (var length = 0; length < bytes.Length; length++)
            {
                var status = Run(bytes.AsSpan(0, length), drain);
                Assert.True(
                    status != DecodeStatus.Ok || length >= bytes.Length - PaddingOf(name),
                    $"{name}, seed {seed}, cut at {length} of {bytes.Length}: {status}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Draw_EveryByteChanged_EndsWithAStatusOrValues(string name)
    {
        for (var seed = 0; seed < 3; seed++)
        {
            var (bytes, drain) = All(new Random(seed))[name];
            var damaged = bytes.ToArray();
            for (var at = 0; at < bytes.Length; at++)
            {
                foreach (var change in new byte[] { 0x01, 0x02, 0x10, 0x40, 0x80, 0xFF, bytes[at] })
                {
                    damaged[at] = (byte)(bytes[at] ^ change);
                    var status = Run(damaged, drain);
                    Assert.True(Enum.IsDefined(status), $"{name}, seed {seed}, byte {at} changed by {change}");
                }

                damaged[at] = bytes[at];
            }
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Draw_Noise_EndsWithAStatusOrValues(string name)
    {
        var (_, drain) = All(new Random(0))[name];
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var noise = ValueTables.Bytes(random, random.Next(80));
            for (var i = 0; i < noise.Length; i++)
                noise[i] &= (byte)(seed % 3 == 0 ? 0xFF : seed % 3 == 1 ? 0x0F : 0x83);
            Assert.True(Enum.IsDefined(Run(noise, drain)), $"{name}, seed {seed}");
        }
    }

    /// <summary>
    /// The bytes at the end of a stream that may be missing without a value missing.
    /// </summary>
    private static int PaddingOf(string name) =>
        name switch { "levels" or "indices" => 8, "integers 32" or "integers 64" => 32 * 8, _ => 0 };

    private static DecodeStatus Run(ReadOnlySpan<byte> bytes, Drain drain)
    {
        using var page = new GuardedBuffer(bytes, atEnd: true);
        return drain(page.Span, Count);
    }

    private static Dictionary<string, (byte[] Bytes, Drain Drain)> All(Random random)
    {
        var arrays = ValueTables.ByteArrays(random, Count);
        while (arrays[^1].Length == 0)
            arrays = ValueTables.ByteArrays(random, Count);
        var levels = Enumerable.Range(0, Count).Select(i => i % 20 < 10 ? 1 : random.Next(2)).ToArray();
        var indices = Enumerable.Range(0, Count).Select(i => i % 20 < 10 ? 500 : random.Next(1000)).ToArray();
        return new()
        {
            ["plain"] = (PlainEncoders.ByteArrays(arrays), DrainPlain),
            ["levels"] = (PlainEncoders.Hybrid(levels, 1, random), DrainLevels),
            ["indices"] = (PlainEncoders.Hybrid(indices, 10, random), DrainIndices),
            ["packed levels"] = (new EncodedBytes().AddHighBitsFirst(levels.Select(level => (ulong)level), 2).ToArray(), DrainPackedLevels),
            ["integers 32"] = (PlainEncoders.DeltaBinaryPacked(ValueTables.Integers(random, Count, true), true), DrainNarrow),
            ["integers 64"] = (PlainEncoders.DeltaBinaryPacked(ValueTables.Integers(random, Count, false), false), DrainWide),
            ["delta lengths"] = (PlainEncoders.DeltaLengthByteArray(arrays), DrainDeltaLengths),
            ["delta arrays"] = (PlainEncoders.DeltaByteArray([.. arrays[..^1], [.. arrays[^2], 1]]), DrainDeltaArrays),
        };
    }

    private static DecodeStatus DrainPlain(ReadOnlySpan<byte> page, int count)
    {
        var position = 0;
        int[] offsets = new int[count], lengths = new int[count];
        var status = PlainByteArray.Decode(page, ref position, page.Length, offsets, lengths);
        if (status == DecodeStatus.Ok)
            ValueTables.Cut(page, offsets, lengths);
        position = 0;
        Assert.Equal(status, PlainByteArray.Skip(page, ref position, page.Length, count));
        return status;
    }

    private static DecodeStatus DrainLevels(ReadOnlySpan<byte> page, int count)
    {
        var decoder = default(RleBitPackedDecoder);
        var status = decoder.Init(page, 0, page.Length, 1);
        while (status == DecodeStatus.Ok && count > 0)
        {
            var batch = Math.Min(count, 13);
            decoder.TryGetRun(page, out _, out _);
            status = decoder.ReadLevels(page, new byte[batch], 1);
            count -= batch;
        }

        return status;
    }

    private static DecodeStatus DrainIndices(ReadOnlySpan<byte> page, int count)
    {
        var decoder = default(RleBitPackedDecoder);
        var status = decoder.Init(page, 0, page.Length, 10);
        while (status == DecodeStatus.Ok && count > 0)
        {
            var batch = Math.Min(count, 29);
            status = decoder.Read(page, new int[batch]);
            count -= batch;
        }

        return status;
    }

    private static DecodeStatus DrainPackedLevels(ReadOnlySpan<byte> page, int count)
    {
        var decoder = default(BitPackedLevelDecoder);
        var status = decoder.Init(page, 0, page.Length, 2);
        return status == DecodeStatus.Ok ? decoder.ReadLevels(page, new byte[count], 2) : status;
    }

    private static DecodeStatus DrainNarrow(ReadOnlySpan<byte> page, int count)
    {
        var decoder = default(DeltaBinaryPackedDecoder);
        var status = decoder.Init(page, 0, page.Length, is32Bit: true);
        if (status == DecodeStatus.Ok)
            status = decoder.FindEnd(page, out _);
        return status == DecodeStatus.Ok ? decoder.Read(page, new int[count]) : status;
    }

    private static DecodeStatus DrainWide(ReadOnlySpan<byte> page, int count)
    {
        var decoder = default(DeltaBinaryPackedDecoder);
        var status = decoder.Init(page, 0, page.Length, is32Bit: false);
        if (status == DecodeStatus.Ok)
            status = decoder.Skip(page, count / 2);
        return status == DecodeStatus.Ok ? decoder.Read(page, new long[count - (count / 2)]) : status;
    }

    private static DecodeStatus DrainDeltaLengths(ReadOnlySpan<byte> page, int count)
    {
        var decoder = default(DeltaLengthByteArrayDecoder);
        int[] offsets = new int[count], lengths = new int[count];
        var status = decoder.Init(page, 0, page.Length);
        if (status == DecodeStatus.Ok)
            status = decoder.Read(page, offsets, lengths);
        if (status == DecodeStatus.Ok)
            ValueTables.Cut(page, offsets, lengths);
        return status;
    }

    private static DecodeStatus DrainDeltaArrays(ReadOnlySpan<byte> page, int count)
    {
        var decoder = default(DeltaByteArrayDecoder);
        using var arena = new GuardedBuffer(page.Length, atEnd: true);
        int[] offsets = new int[count], lengths = new int[count];
        var status = decoder.Init(page, 0, page.Length);
        for (var done = 0; status == DecodeStatus.Ok && done < count;)
        {
            var used = 0;
            status = decoder.Read(page, arena.Span, ref used, offsets.AsSpan(done), lengths.AsSpan(done), out var decoded);
            if (status != DecodeStatus.Ok)
                break;

            // An arena of the page's length has room for any one value.
            Assert.NotEqual(0, decoded);
            ValueTables.Cut(arena.Span, offsets[done..(done + decoded)], lengths[done..(done + decoded)]);
            done += decoded;
        }

        return status;
    }
}
