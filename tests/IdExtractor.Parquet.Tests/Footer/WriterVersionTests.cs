using IdExtractor.Parquet.Footer;
using Xunit;

namespace IdExtractor.Parquet.Tests.Footer;

public sealed class WriterVersionTests
{
    [Theory]
    [InlineData("parquet-mr version 1.8.1-cdh5.9.0 (build 4aba4da)", "parquet-mr", "1.8.1")]
    [InlineData("parquet-mr version 1.6.0rc3 (build d4d5a07ec9bd262ca1e93c309f1d7d4a74ebda4c)", "parquet-mr", "1.6.0")]
    [InlineData("parquet-mr (build 32c46643845ea8a705c35d4ec8fc654cc8ff816d)",
        "parquet-mr (build 32c46643845ea8a705c35d4ec8fc654cc8ff816d)", "0.0.0")]
    [InlineData("parquet-cpp-arrow version 21.0.0", "parquet-cpp-arrow", "21.0.0")]
    [InlineData("DuckDB version v1.2.0 (build 5f5512b827)", "duckdb", "1.2.0")]
    [InlineData("parquet-mr version 1.10", "parquet-mr", "1.10.0")]
    [InlineData("parquet-mr version ", "parquet-mr", "0.0.0")]
    [InlineData("parquet-mr version 99999999999.1", "parquet-mr", "0.0.0")]
    [InlineData("Polars", "polars", "0.0.0")]
    [InlineData("", "", "0.0.0")]
    public void Parse_CreatedBy_GivesWriterAndVersion(string createdBy, string application, string version)
    {
        var writer = WriterVersion.Parse(createdBy);
        Assert.Equal((application, version), (writer.Application, writer.Version.ToString()));
    }

    [Theory]
    [InlineData("parquet-mr version 1.9.9", true)]
    [InlineData("parquet-mr version 1.10.0", false)]
    [InlineData("parquet-mr", true)]
    [InlineData("parquet-mr-trino version 1.0.0", false)]
    public void IsBefore_Versions_ComparesNumbersOfTheSameWriter(string createdBy, bool isBefore) =>
        Assert.Equal(isBefore, WriterVersion.Parse(createdBy).IsBefore("parquet-mr", 1, 10, 0));

    [Theory]
    [InlineData("parquet-rs version 57.0.0", PhysicalType.ByteArray, LogicalKind.Decimal, false)]
    [InlineData("parquet-rs version 57.0.0", PhysicalType.Int64, LogicalKind.Decimal, true)]
    [InlineData("parquet-rs version 57.0.0", PhysicalType.ByteArray, LogicalKind.String, true)]
    [InlineData("parquet-rs version 5.1.0", PhysicalType.ByteArray, LogicalKind.String, false)]
    [InlineData("github.com/parquet-go/parquet-go version 0.32.0(build )", PhysicalType.FixedLenByteArray, LogicalKind.Decimal, false)]
    [InlineData("Polars", PhysicalType.FixedLenByteArray, LogicalKind.Decimal, false)]
    [InlineData("", PhysicalType.ByteArray, LogicalKind.Decimal, false)]
    [InlineData("", PhysicalType.ByteArray, LogicalKind.String, true)]
    [InlineData("parquet-mr version 1.13.1 (build db41831)", PhysicalType.ByteArray, LogicalKind.Decimal, true)]
    [InlineData("parquet-mr version 1.9.0", PhysicalType.FixedLenByteArray, LogicalKind.Decimal, false)]
    [InlineData("parquet-mr version 1.9.0", PhysicalType.ByteArray, LogicalKind.String, false)]
    [InlineData("parquet-mr version 1.9.0", PhysicalType.Int64, LogicalKind.None, true)]
    [InlineData("parquet-cpp-arrow version 3.0.0", PhysicalType.FixedLenByteArray, LogicalKind.Decimal, false)]
    [InlineData("parquet-cpp-arrow version 4.0.0", PhysicalType.FixedLenByteArray, LogicalKind.Decimal, true)]
    [InlineData("parquet-cpp version 1.2.0", PhysicalType.ByteArray, LogicalKind.None, false)]
    public void WritesTrueBounds_KnownDefects_IsFalse(string createdBy, PhysicalType physical, LogicalKind kind, bool isTrue)
    {
        var column = new ColumnDescriptor
        {
            Index = 0,
            Path = ["c"],
            Physical = physical,
            TypeLength = 16,
            Logical = new LogicalType(kind, Precision: 14)
        };
        Assert.Equal(isTrue, WriterDefects.WritesTrueBounds(WriterVersion.Parse(createdBy), column));
    }

    [Theory]
    [InlineData("parquet-rs version 12.0.0", false)]
    [InlineData("parquet-rs version 13.0.0", true)]
    [InlineData("parquet-mr version 1.9.0", false)]
    [InlineData("DuckDB version v1.2.0", true)]
    public void WritesTrueBounds_UnsignedIntegers_DependOnTheWriter(string createdBy, bool isTrue)
    {
        var column = new ColumnDescriptor
        {
            Index = 0,
            Path = ["c"],
            Physical = PhysicalType.Int32,
            Logical = new LogicalType(LogicalKind.Integer, 32, IsSigned: false)
        };
        Assert.Equal(isTrue, WriterDefects.WritesTrueBounds(WriterVersion.Parse(createdBy), column));
    }
}
