using IdExtractor.Parquet.Thrift;
using Xunit;

namespace IdExtractor.Parquet.Tests.Thrift;

public sealed class EmptyListTests
{
    [Fact]
    public void ReadList_EmptyWithoutElementType_IsEmpty()
    {
        // As nanoparquet writes an empty list: neither a count nor a type.
        var reader = new CompactReader([0x00, 0x7F], maxDepth: 4);

        Assert.Equal(0, reader.ReadList(ThriftType.List, out _));
        Assert.Equal(1, reader.Position);
    }

    [Theory]
    [InlineData(0x10)]
    [InlineData(0x1E)]
    public void ReadList_OfUnknownElementType_IsRefused(byte header)
    {
        Assert.Throws<ThriftFormatException>(() => new CompactReader([header, 0x00], maxDepth: 4).ReadList(ThriftType.List, out _));
    }
}
