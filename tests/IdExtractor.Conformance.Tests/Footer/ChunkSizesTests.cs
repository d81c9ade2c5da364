using IdExtractor.Fuzz.Fuzzing;
using IdExtractor.Fuzz.Mutation;
using IdExtractor.Fuzz.Reading;

namespace IdExtractor.Conformance.Tests.Footer;

/// <summary>
/// Chunk sizes of old writers, which do not count the dictionary page or its header.
/// </summary>
public sealed class ChunkSizesTests
{
    private static readonly string[] s_seeds = [
        "base-dict_v1_snappy.parquet", "base-dict_v2_unc.parquet", "dictionary-three-groups.parquet"
    ];

    public static TheoryData<string, string, bool> Sizes
    {
        get
        {
            var data = new TheoryData<string, string, bool>();
            foreach (var seed in s_seeds)
            {
                data.Add(seed, "parquet-mr version 1.2.5", false);
                data.Add(seed, "parquet-mr version 1.2.8 (build abcdef)", false);
                data.Add(seed, "parquet-mr", false);
                data.Add(seed, "", false);
                data.Add(seed, "fastparquet-python version 0.1.3 (build 111)", true);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Read_SizesWithoutDictionary_GivesAllValues(string seed, string createdBy, bool leavesOutPage)
    {
        var file = Corpus.BuiltIn().Seeds.Single(file => file.Name == seed).Bytes;
        var old = FileModel.WithFooter(file, footer =>
        {
            footer.Set(6, ThriftNode.Binary(System.Text.Encoding.ASCII.GetBytes(createdBy)));
            var chunks = FileModel.Parse(file).Chunks;
            var nodes = footer[4]!.Items.SelectMany(group => group[1]!.Items).ToList();
            Assert.Contains(chunks, chunk => chunk.Pages[0].IsDictionary);
            for (var i = 0; i < nodes.Count; i++)
                Shorten(nodes[i], chunks[i].Pages[0], leavesOutPage);
        });
        Assert.Equal(ValuesOf(file), ValuesOf(old));
    }

    private static void Shorten(ThriftNode chunk, PageModel first, bool leavesOutPage)
    {
        if (!first.IsDictionary)
            return;
        var page = new List<byte>();
        first.Append(page);
        var size = chunk[3]![7]!.Number;
        chunk[3]!.Set(7, ThriftNode.Long(size - (leavesOutPage ? page.Count : page.Count - first.Body.Length)));

        // Such writers have no page indexes.
        for (var field = 4; field <= 7; field++)
            chunk.Remove(field);
    }

    private static List<string> ValuesOf(byte[] file)
    {
        var image = ParquetImage.Open("old", file);
        using var reading = new PlainReading();
        return [.. image.ReadableColumns.Select(column =>
        {
            using var text = new ReferenceText(column);
            reading.Read(image, column, text.Add);
            return text.Finish();
        })];
    }
}
