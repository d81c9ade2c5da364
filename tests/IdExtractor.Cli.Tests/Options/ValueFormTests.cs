using IdExtractor.Cli.Options;
using IdExtractor.Core.Job;

namespace IdExtractor.Cli.Tests.Options;

public sealed class ValueFormTests
{
    [Theory]
    [InlineData("67108864", 67108864L)]
    [InlineData("67108864B", 67108864L)]
    [InlineData("64MiB", 67108864L)]
    [InlineData("512MiB", 536870912L)]
    [InlineData("512mib", 536870912L)]
    [InlineData("65536KiB", 67108864L)]
    [InlineData("1GiB", 1073741824L)]
    [InlineData("1.5GiB", 1610612736L)]
    [InlineData("2GB", 2000000000L)]
    [InlineData("100000KB", 100000000L)]
    [InlineData("70MB", 70000000L)]
    [InlineData("1TiB", 1099511627776L)]
    [InlineData("1TB", 1000000000000L)]
    public void Size_AsWritten_IsBytes(string text, long bytes) => Assert.Equal(bytes, OptionTable.MaxMemory.Form.Read(text));

    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("8000000TB")]
    [InlineData("1PB")]
    [InlineData("1125899906842625")]
    public void Size_LargerThanAnyMachine_IsThatOfTheLargest(string text) =>
        Assert.Equal(text == "1PB" ? null : 1L << 50, (long?)ValueForms.Size(1, "1").Read(text));

    [Theory]
    [InlineData("")]
    [InlineData("MiB")]
    [InlineData("512 MiB")]
    [InlineData("512M")]
    [InlineData("512Mi")]
    [InlineData("-1GiB")]
    [InlineData("+1GiB")]
    [InlineData("1e9")]
    [InlineData("1,5GiB")]
    [InlineData("99999999999999999999")]
    [InlineData("9000000000TiB")]
    [InlineData("79228162514264337593543950336")]
    [InlineData("0x10000000")]
    [InlineData("63MiB")]
    public void Size_Otherwise_IsRefused(string text) => Assert.Null(OptionTable.MaxMemory.Form.Read(text));

    [Theory]
    [InlineData("2d", 2 * 24 * 60)]
    [InlineData("36h", 36 * 60)]
    [InlineData("90m", 90)]
    public void Duration_AsWritten_IsTime(string text, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), ValueForms.Duration.Read(text));

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("0d")]
    [InlineData("2")]
    [InlineData("2D")]
    [InlineData("2 d")]
    [InlineData("-2d")]
    [InlineData("1.5h")]
    [InlineData("30s")]
    [InlineData("10675200d")]
    [InlineData("99999999999999999999d")]
    public void Duration_Otherwise_IsRefused(string text) => Assert.Null(ValueForms.Duration.Read(text));

    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("20", 20.0)]
    [InlineData("12.5%", 12.5)]
    [InlineData("100%", 100.0)]
    public void Percent_AsWritten_IsANumber(string text, double percent) => Assert.Equal(percent, ValueForms.Percent.Read(text));

    [Theory]
    [InlineData("")]
    [InlineData("%")]
    [InlineData("-1")]
    [InlineData("100.1")]
    [InlineData("NaN")]
    [InlineData("1e1")]
    [InlineData("12,5")]
    [InlineData("20%%")]
    public void Percent_Otherwise_IsRefused(string text) => Assert.Null(ValueForms.Percent.Read(text));

    [Theory]
    [InlineData("true", true)]
    [InlineData("1", true)]
    [InlineData("false", false)]
    [InlineData("0", false)]
    public void Flag_AsWritten_IsATruthValue(string text, bool value) => Assert.Equal(value, ValueForms.Flag.Read(text));

    [Theory]
    [InlineData("True")]
    [InlineData("yes")]
    [InlineData("")]
    [InlineData("2")]
    public void Flag_Otherwise_IsRefused(string text) => Assert.Null(ValueForms.Flag.Read(text));

    [Theory]
    [InlineData("ano_mes_dia=20251022", "ano_mes_dia=20251022")]
    [InlineData("ano=2025/mes=10/dia=09", "ano=2025/mes=10/dia=09")]
    [InlineData("ano=2025/mes=10/", "ano=2025/mes=10")]
    [InlineData("ts=2025-10-22%2000%3A00%3A00", "ts=2025-10-22 00:00:00")]
    [InlineData("a=x=y", "a=x=y")]
    [InlineData("p=a%2Fb", "p=a/b")]
    [InlineData("p=100%", "p=100%")]
    [InlineData("p=%e9%41%zz", "p=%e9A%zz")]
    [InlineData("p=%C3%28", "p=%C3(")]
    public void Partition_AsWritten_IsAPin(string text, string pin) =>
        Assert.Equal(pin, Assert.IsType<PartitionPin>(ValueForms.Partition.Read(text)).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("20251022")]
    [InlineData("=20251022")]
    [InlineData("ano=")]
    [InlineData("ano=2025//mes=1")]
    [InlineData("ano=2025/10")]
    [InlineData("ano=1/ANO=2")]
    [InlineData("ano=1\n")]
    public void Partition_Otherwise_IsRefused(string text) => Assert.Null(ValueForms.Partition.Read(text));

    [Theory]
    [InlineData("people")]
    [InlineData("people.csv.gz")]
    [InlineData("/data/people")]
    [InlineData("../people")]
    [InlineData("file:///data/people")]
    [InlineData("s3://bucket")]
    [InlineData("s3://bucket/prefix/")]
    [InlineData("glue://database/table")]
    [InlineData("glue://database/table?catalog=123456789012")]
    public void Table_AsWritten_IsTaken(string text) => Assert.Equal(text, PlaceForms.Table.Read(text));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\0b")]
    [InlineData("s3://")]
    [InlineData("s3:///key")]
    [InlineData("file://")]
    [InlineData("file://host/x")]
    [InlineData("glue://database")]
    [InlineData("glue://database/")]
    [InlineData("glue:///table")]
    [InlineData("glue://a/b/c")]
    [InlineData("glue://a/b?region=x")]
    [InlineData("glue://a/b?catalog=")]
    [InlineData("S3://bucket/x")]
    [InlineData("https://bucket/x")]
    public void Table_Otherwise_IsRefused(string text) => Assert.Null(PlaceForms.Table.Read(text));

    [Theory]
    [InlineData("latest.txt.gz", true)]
    [InlineData("a/b/c", true)]
    [InlineData("", false)]
    [InlineData("/a", false)]
    [InlineData("a/", false)]
    [InlineData("a//b", false)]
    [InlineData("a/../b", false)]
    [InlineData("./a", false)]
    [InlineData("a\\b", false)]
    [InlineData("s3://b/a", false)]
    public void Key_OfAnObject_StaysBelowTheRoot(string text, bool taken) => Assert.Equal(taken, PlaceForms.Key.Read(text) is not null);

    [Theory]
    [InlineData("http://localhost:4566", true)]
    [InlineData("https://s3.example.com/", true)]
    [InlineData("https://user:password@example.com", false)]
    [InlineData("ftp://example.com", false)]
    [InlineData("example.com", false)]
    public void Endpoint_IsAnAddressWithoutCredentials(string text, bool taken) =>
        Assert.Equal(taken, PlaceForms.Endpoint.Read(text) is not null);

    [Theory]
    [InlineData("arn:aws:iam::123456789012:role/extract", true)]
    [InlineData("arn:aws-us-gov:iam::123456789012:role/path/extract", true)]
    [InlineData("arn:aws:iam::123456789012:user/me", false)]
    [InlineData("arn:aws:iam::12345:role/extract", false)]
    [InlineData("arn:aws:iam::123456789012:role/", false)]
    [InlineData("extract", false)]
    public void Role_IsTheArnOfARole(string text, bool taken) => Assert.Equal(taken, AwsForms.Role.Read(text) is not null);

    [Theory]
    [InlineData("x", "'x'")]
    [InlineData("1234567890", "'1234567890'")]
    [InlineData("12345678901", "'###########'")]
    [InlineData("a 123.456.789-01 b", "'a ###.###.###-## b'")]
    [InlineData("20251022", "'20251022'")]
    [InlineData("2025-10-22", "'2025-10-22'")]
    [InlineData("a\nb", "'a b'")]
    public void Quoted_GivenText_HidesWhatCouldBeADocument(string text, string quoted) => Assert.Equal(quoted, Quoted.Of(text));

    [Fact]
    public void Quoted_LongText_IsCut() => Assert.Equal(80 + "'...'".Length, Quoted.Of(new string('x', 1000)).Length);
}
