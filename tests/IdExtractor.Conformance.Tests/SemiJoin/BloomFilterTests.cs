using System.IO.Hashing;
using IdExtractor.Conformance.Tests.Catalogue;
using IdExtractor.Fuzz.Mutation;
using IdExtractor.Fuzz.Reading;
using IdExtractor.Parquet.Footer;
using IdExtractor.Parquet.Pages;

namespace IdExtractor.Conformance.Tests.SemiJoin;

/// <summary>
/// Bloom filters that other writers made: they deny no value of their chunk, and do deny most
/// others.
/// </summary>
public sealed class BloomFilterTests
{
    public static TheoryData<string> Files =>
        [.. ConformanceSet.Files.Where(file => file.Any(entry => entry.Bloom)).Select(file => file.Key)];

    [ConformanceTheory]
    [MemberData(nameof(Files))]
    public void MayContain_ValuesOfTheChunk_IsNeverDenied(string file)
    {
        var bytes = ConformanceSet.Read(file);
        var image = ParquetImage.Open(file, bytes);
        using var reading = new PlainReading();
        var chunks = 0;
        foreach (var entry in ConformanceSet.Columns(file).Where(entry => entry.Bloom))
        {
            foreach (var group in image.Footer.ReadRowGroups([image.Footer.Columns[entry.ColumnIndex]]))
            {
                if (group.Chunks[0].BloomFilter is not { } place)
                    continue;
                chunks++;
                if (IsSound(bytes, place, out var bitset))
                    Check(bitset, reading.ReadRows(image, group).Rows.OfType<byte[]>().ToList());
            }
        }

        Assert.NotEqual(0, chunks);
    }

    /// <summary>
    /// Finds the bits. A filter whose header and footer state different lengths must be ignored:
    /// DuckDB keeps such a file to test that readers do so.
    /// </summary>
    private static bool IsSound(byte[] file, FileRange place, out byte[] bitset)
    {
        var header = ThriftCodec.Read(file.AsSpan((int)place.Offset), out var headerLength);
        var length = (int)header[1]!.Number;
        bitset = file.AsSpan((int)place.Offset + headerLength, length).ToArray();
        return place.Length is null || place.Length == headerLength + length;
    }

    private static void Check(byte[] bitset, List<byte[]> values)
    {
        Assert.True(BloomFilter.TryCreate(bitset, out var filter));
        var denied = 0;
        foreach (var value in values)
            denied += filter.MayContain(XxHash64.HashToUInt64(value)) ? 0 : 1;
        Assert.Equal(0, denied);

        var random = new Random(1);
        var stranger = new byte[19];
        for (var i = 0; i < 1000; i++)
        {
            random.NextBytes(stranger);
            denied += filter.MayContain(XxHash64.HashToUInt64(stranger)) ? 0 : 1;
        }

        Assert.InRange(denied, 500, 1000);
    }
}
