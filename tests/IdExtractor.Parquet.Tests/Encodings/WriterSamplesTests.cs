using IdExtractor.Parquet.Encodings;
using Xunit;

namespace IdExtractor.Parquet.Tests.Encodings;

/// <summary>
/// Pages that other writers made, out of files in public repositories, with the values that other
/// readers found in them.
/// </summary>
public class WriterSamplesTests
{
    [Fact]
    public void DeltaBinaryPacked_ParquetGo_GivesItsInt64s()
    {
        // parquet-go/parquet-go, issue229.parquet, DurationNano.
        var page = Convert.FromHexString(
            "8001040ac0b9e5b907cfaed9b9071e00000038979a3b68b6e60ed5b8b9e34a6dee106e9b3bd2cee68e9da2b963fa6fee88e3993b" + new string(
                '0', 172));
        var values = new long[10];
        var decoder = default(DeltaBinaryPackedDecoder);

        Assert.Equal(DecodeStatus.Ok, decoder.Init(page, 0, page.Length, is32Bit: false));
        Assert.Equal(10, decoder.TotalCount);
        Assert.Equal(DecodeStatus.Ok, decoder.FindEnd(page, out var end));
        Assert.Equal(page.Length, end);
        Assert.Equal(DecodeStatus.Ok, decoder.Read(page, values));
        Assert.Equal(
            [1000124000, 1000086000, 1000065000, 1000090000, 1000100000, 1000117000, 1000121000, 1000055000, 1000109000, 1000025000],
            values);
    }

    [Fact]
    public void DeltaBinaryPacked_ParquetCpp_GivesItsInt32s()
    {
        // r-lib/nanoparquet, dbp-int32.parquet, y.
        var page = Convert.FromHexString("8001041413020400000000000000b00000000000000000000000");
        var values = new int[20];
        var decoder = default(DeltaBinaryPackedDecoder);

        Assert.Equal(DecodeStatus.Ok, decoder.Init(page, 0, page.Length, is32Bit: true));
        Assert.Equal(DecodeStatus.Ok, decoder.Read(page, values));
        Assert.Equal([.. Enumerable.Range(-10, 10), .. Enumerable.Range(11, 10)], values);
    }

    [Fact]
    public void DeltaBinaryPacked_ParquetJava_GivesItsInt32s()
    {
        // apache/parquet-testing, datapage_v2.snappy.parquet, b.
        var page = Convert.FromHexString("80010405020200000000");
        var values = new int[5];
        var decoder = default(DeltaBinaryPackedDecoder);

        Assert.Equal(DecodeStatus.Ok, decoder.Init(page, 0, page.Length, is32Bit: true));
        Assert.Equal(DecodeStatus.Ok, decoder.Read(page, values));
        Assert.Equal([1, 2, 3, 4, 5], values);
    }

    [Fact]
    public void DeltaLengthByteArray_ParquetGo_GivesItsValues()
    {
        // parquet-go/parquet-go, issue229.parquet, TraceID.
        var page = Convert.FromHexString(
            "8001040a201f050000001042082184100000000000000000000000000000aad2c5a825ae264340cc90574dda5e33c0b9bd4ccc4c459d9e8c67aee9dff61122e363a5a06fdd036ee43c675070727ec4a6cf67135c486fbb8807d2a420adb4"
            + "e4992a4c384712056788f1f30681cdb2bd2b2c15f6849db0c0c563a94b04db87dcaa2537326d2ff6877de95866e60a51fb33ea02657bf96c9468a1a642a59b1e2f64dd3387f40a50584f3d5b8ead48b01c4ea9144636ebbb419491da06142b0f");
        int[] offsets = new int[10], lengths = new int[10];
        var decoder = default(DeltaLengthByteArrayDecoder);

        Assert.Equal(DecodeStatus.Ok, decoder.Init(page, 0, page.Length));
        Assert.Equal(DecodeStatus.Ok, decoder.Read(page, offsets, lengths));
        Assert.All(lengths, length => Assert.Equal(16, length));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => page.Length - 160 + (16 * i)), offsets);
    }

    [Fact]
    public void DeltaByteArray_ParquetJavaFixedLength_GivesItsValuesAndNull()
    {
        // apache/drill, a v2 page of 12-byte intervals: levels, prefix lengths, suffix lengths,
        // suffixes.
        var page = Convert.FromHexString(
            "03078001040300000000000080010403180000000000313233343536373839306162010101010101010101010101000000000000000000000000");
        var levels = new byte[4];
        var levelDecoder = default(RleBitPackedDecoder);
        Assert.Equal(DecodeStatus.Ok, levelDecoder.Init(page, 0, 2, 1));
        Assert.Equal(DecodeStatus.Ok, levelDecoder.ReadLevels(page, levels, 1));
        Assert.Equal([1, 1, 1, 0], levels);

        int[] offsets = new int[3], lengths = new int[3];
        var arena = new byte[36];
        var used = 0;
        var decoder = default(DeltaByteArrayDecoder);
        Assert.Equal(DecodeStatus.Ok, decoder.Init(page, 2, page.Length));
        Assert.Equal(DecodeStatus.Ok, decoder.Read(page, arena, ref used, offsets, lengths, out var decoded));
        Assert.Equal(3, decoded);
        Assert.Equal(
            ["1234567890ab"u8.ToArray(), .. new byte[][] { [.. Enumerable.Repeat((byte)1, 12)], new byte[12] }],
            ValueTables.Cut(arena, offsets, lengths));
    }
}
