using System.IO.Compression;
using System.Text;
using IdExtractor.Core.Feed;
using IdExtractor.Core.Job;
using IdExtractor.Core.Keys;
using IdExtractor.Core.Tests.Catalog;
using IdExtractor.Foundation.Errors;
using Xunit;

namespace IdExtractor.Core.Tests.Keys;

public sealed class KeyListReaderTests
{
    [Theory]
    [InlineData("1\n2\n3", "1 2 3")]
    [InlineData("1\n2\n3\n", "1 2 3")]
    [InlineData("1\r\n2\r\n3\r\n", "1 2 3")]
    [InlineData("1\r\n2\r\n3\r", "1 2 3")]
    [InlineData("1\n\n\r\n2\n\n", "1 2")]
    [InlineData("\"1\"\n\"2\"\n", "1 2")]
    [InlineData("\t123.456.789-01 \n", "12345678901")]
    [InlineData("documento\n1\n2", "1 2")]
    [InlineData("DOCUMENTO\r\n1\r\n2", "1 2")]
    [InlineData("\"documento\"\n1", "1")]
    [InlineData("documento,nome\n1,Ana\n2,Rui", "1 2")]
    [InlineData("nome;documento;x\nAna;1;\nRui;2;y\n", "1 2")]
    [InlineData("nome\tdocumento\nAna\t1\n", "1")]
    [InlineData("nome|documento\nAna|1\n", "1")]
    [InlineData("a|b,documento\nx|y,1", "1")]
    [InlineData("nome, documento \nAna,1\n", "1")]
    [InlineData("Documento;documento\n1;2", "2")]
    [InlineData("\"no,me\",\"documento\"\n\"A,na\",\"1\"\n", "1")]
    [InlineData("nome,documento\n\"A\"\"na\",\"1\"\n\"li\nne,5\",2", "1 2")]
    [InlineData("nome,documento\nO\"Neil,1\nab\"\"c,2\nx,3", "1 2 3")]
    [InlineData("nome,documento\n\"Ana\" ,1\n", "1")]
    [InlineData("documento,x\n\"1\"\"2\",y\n3,y", "3")]
    [InlineData("documento\n\"\"\n1", "1")]
    [InlineData("1,\n2", "2")]
    [InlineData("cpf\n1", "1")]
    [InlineData("sep=;\r\ndocumento;nome\r\n1;a\r\n2;b\r\n", "1 2")]
    [InlineData("sep=,\nnome,documento\na|b;c,1\n", "1")]
    [InlineData("SEP=\t\nnome\tdocumento\na\t1\n", "1")]
    [InlineData("sep=^\nnome^documento\na^1\n", "1")]
    [InlineData("\uFEFFsep=;\ndocumento;x\n1;2\n", "1")]
    [InlineData("documento\r1\r2\r", "1 2")]
    [InlineData("documento\r1\r2", "1 2")]
    [InlineData("nome;documento\r\"a\rb\";1\rc;2\r", "1 2")]
    [InlineData("1\r2\r\n3\r\r4", "1 2 3 4")]
    [InlineData("1\n2\r3\n4", "1 4")]
    [InlineData("", "")]
    [InlineData("documento", "")]
    public async Task ReadAsync_List_GivesTheKeyColumn(string text, string keys)
    {
        var (sink, _) = await ReadAsync("a.csv", Encoding.UTF8.GetBytes(text));
        Assert.Equal(keys.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(key => key.PadLeft(14, '0')), sink.Keys);
    }

    [Theory]
    [InlineData("1\n2\nx\n\"\"\n   \n", 5, 3)]
    [InlineData("documento\n1\n\n2\n", 2, 0)]
    [InlineData("documento,n\n,a\n1,b\n", 2, 1)]
    public async Task ReadAsync_List_CountsRecordsAndRejected(string text, long rows, long rejected)
    {
        var (_, statistics) = await ReadAsync("a.txt", Encoding.UTF8.GetBytes(text));
        Assert.Equal((rows, rejected, rows - rejected), (statistics.Rows, statistics.Rejected, statistics.Keys));
    }

    [Theory]
    [InlineData("\uFEFF1\n2")]
    [InlineData("\uFEFFdocumento\n1\n2")]
    [InlineData("\uFEFF\"documento\",\"x\ny\"\n1,a\n2,b")]
    public async Task ReadAsync_ByteOrderMark_IsPassedOver(string text)
    {
        var (sink, _) = await ReadAsync("a.csv", Encoding.UTF8.GetBytes(text));
        Assert.Equal(2, sink.Keys.Count);
    }

    [Fact]
    public async Task ReadAsync_BytesThatAreNotUtf8_AreNoMatter()
    {
        var (sink, _) = await ReadAsync("a.csv", [.. "nome;documento\nJo"u8, 0xE3, (byte)'o', .. ";1\n"u8]);
        Assert.Equal(["00000000000001"], sink.Keys);
    }

    [Theory]
    [InlineData("nome,cpf\nAna,1", "does not name the column")]
    [InlineData("documento,documento\n1,2", "Two columns")]
    [InlineData("Documento,DOCUMENTO\n1,2", "Two columns")]
    public async Task ReadAsync_HeaderWithoutOneKeyColumn_IsBadInput(string text, string problem)
    {
        var error = await Assert.ThrowsAsync<InputDataException>(() => ReadAsync("a.csv", Encoding.UTF8.GetBytes(text)));
        Assert.Equal("documento", error.Place.Column);
        Assert.Contains(problem, error.ToLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nome,documento\nAna,98765432100\nRui", "1 fields where the header has 2", 3)]
    [InlineData("nome,documento\nAna,98765432100,x\n", "3 fields where the header has 2", 2)]
    [InlineData("nome,documento\n\nAna,1\n\"a\nb\",1\n\"Ana\"x,98765432100\n", "A quote is where", 6)]
    [InlineData("1\n2\n\"98765432100\n4", "not closed", 3)]
    public async Task ReadAsync_BrokenRecord_NamesTheLineAndNoValue(string text, string problem, int line)
    {
        var error = await Assert.ThrowsAsync<CorruptFileException>(() => ReadAsync("a.csv", Encoding.UTF8.GetBytes(text)));
        Assert.Contains(problem, error.ToLine(), StringComparison.Ordinal);
        Assert.Contains($"in the record at line {line}", error.ToLine(), StringComparison.Ordinal);
        Assert.DoesNotContain("98765432100", error.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_EndlessLine_IsRefused()
    {
        var text = new byte[CsvColumnParser.MaxRecordBytes + 10];
        text.AsSpan().Fill((byte)'1');
        "1\n2\n"u8.CopyTo(text);
        var error = await Assert.ThrowsAsync<CorruptFileException>(() => ReadAsync("a.csv", text));
        Assert.Contains("at line 3", error.ToLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task ReadAsync_Utf16_IsRefusedByName(string encoding)
    {
        var coding = Encoding.GetEncoding(encoding);
        var error = await Assert.ThrowsAsync<CorruptFileException>(
            () => ReadAsync("a.csv", [.. coding.GetPreamble(), .. coding.GetBytes("1\n2\n")]));
        Assert.Contains("UTF-16", error.ToLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PK\u0003\u0004\u0014", "xlsx")]
    [InlineData("\u00D0\u00CF\u0011\u00E0\u00A1\u00B1", "Excel workbook")]
    [InlineData("PAR1\u0015\u0004", "a Parquet file")]
    [InlineData("\u0028\u00B5\u002F\u00FD\u0004", "zstd")]
    [InlineData("BZh91AY", "bzip2")]
    [InlineData("\u00FD7zXZ\u0000\u0000", "xz")]
    public async Task ReadAsync_AnotherKindOfFile_IsRefusedByName(string start, string kind)
    {
        var error = await Assert.ThrowsAsync<CorruptFileException>(() => ReadAsync("a.csv", [.. Encoding.Latin1.GetBytes(start), 1, 2, 3]));
        Assert.Contains(kind, error.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_Gzip_IsDecompressedAcrossMembers()
    {
        var (sink, statistics) = await ReadAsync("a.csv.gz", [.. Gzip("documento\n1\n"), .. Gzip("2\n3\n")]);
        Assert.Equal(3, statistics.Rows);
        Assert.Equal("00000000000003", sink.Keys[^1]);
    }

    [Theory]
    [InlineData("a.csv")]
    [InlineData("a.txt")]
    [InlineData("packed-twice.csv.gz")]
    public async Task ReadAsync_GzipUnderANameThatDoesNotSaySo_IsToldAsSuch(string name)
    {
        var gzip = Gzip(string.Join('\n', Enumerable.Range(1, 5000)));
        var error = await Assert.ThrowsAsync<CorruptFileException>(
            () => ReadAsync(name, name.EndsWith(".gz", StringComparison.Ordinal) ? Gzip(gzip) : gzip));
        Assert.Contains("gzipped", error.ToLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_CutOrDamagedGzip_IsCorrupt()
    {
        var whole = Gzip(string.Join('\n', Enumerable.Range(1, 5000)));
        for (var length = 1; length < whole.Length; length += length < 300 ? 1 : 97)
            await Assert.ThrowsAsync<CorruptFileException>(() => ReadAsync("a.txt.gz", whole[..length]));
        for (var missing = 1; missing < 30; missing++)
            await Assert.ThrowsAsync<CorruptFileException>(() => ReadAsync("a.txt.gz", whole[..^missing]));
        whole[^6] ^= 1;
        await Assert.ThrowsAsync<CorruptFileException>(() => ReadAsync("a.txt.gz", whole));
        await Assert.ThrowsAsync<CorruptFileException>(() => ReadAsync("a.txt.gz", [.. "1\n2\n"u8]));
    }

    [Fact]
    public async Task ReadAsync_LargeList_IsReadInPieces()
    {
        var text = Encoding.ASCII.GetBytes("documento;n\r\n" + string.Concat(Enumerable.Range(0, 60_000).Select(i => $"{i};\"n{i}\"\r\n")));
        var (sink, statistics) = await ReadAsync("a.csv", text);
        Assert.Equal(new KeyStatistics(60_000, default), statistics);
        Assert.Equal("00000000059999", sink.Keys[^1]);
    }

    [Fact]
    public async Task PinAsync_NoObject_IsAConfigurationError() =>
        await Assert.ThrowsAsync<ConfigurationException>(() => KeyListReader.PinAsync(new TableFolders(), "a.csv", default));

    [Theory]
    [InlineData("a.csv", true)]
    [InlineData("s3://b/x/A.CSV.GZ", true)]
    [InlineData("/data/a.txt", true)]
    [InlineData("a.txt.gz", true)]
    [InlineData("a.gz", false)]
    [InlineData("a.csv/", false)]
    [InlineData("csv", false)]
    [InlineData("a.parquet", false)]
    [InlineData("glue://db/csv", false)]
    public void IsKeyList_Reference_IsToldByItsExtension(string reference, bool expected) =>
        Assert.Equal(expected, KeyListReader.IsKeyList(reference));

    private static async Task<(KeyList Sink, KeyStatistics Statistics)> ReadAsync(string name, byte[] content)
    {
        var store = new TableFolders().Add(name, content);
        var sink = new KeyList();
        var list = await KeyListReader.PinAsync(store, name, default);
        var statistics = await KeyListReader.ReadAsync(store, list, "documento", new CpfCleaner(MatchRule.Pad, 14), sink, default);
        return (sink, statistics);
    }

    private static byte[] Gzip(string text) => Gzip(Encoding.UTF8.GetBytes(text));

    private static byte[] Gzip(byte[] content)
    {
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
            gzip.Write(content);
        return bytes.ToArray();
    }
}
