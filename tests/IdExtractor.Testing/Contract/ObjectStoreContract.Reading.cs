using System.Text;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;
using Xunit;

namespace IdExtractor.Testing.Contract;

/// <summary>Opening one version, and ranges of it.</summary>
public abstract partial class ObjectStoreContract
{
    [Fact]
    public async Task OpenAsync_ObjectReplaced_ReportsTheChange()
    {
        var old = await WriteAsync("name", "first", NoMetadata);
        await WriteAsync("name", "second", NoMetadata);
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await ReadFirstByteAsync(old));
    }

    [Fact]
    public async Task OpenAsync_ObjectRemoved_ReportsTheChange()
    {
        var old = await WriteAsync("name", "first", NoMetadata);
        await Store.DeleteAsync("name", default);
        await Assert.ThrowsAsync<ObjectChangedException>(async () => await ReadFirstByteAsync(old));
    }

    private async Task ReadFirstByteAsync(ObjectInfo version)
    {
        await using var reader = await Store.OpenAsync(version, default);
        await reader.ReadAsync(0, new byte[1], default);
    }

    [Fact]
    public async Task ReadAsync_ObjectReplacedMeanwhile_GivesOldBytesOrTheChange()
    {
        var old = await WriteAsync("name", "first bytes", NoMetadata);
        await using var reader = await Store.OpenAsync(old, default);
        await WriteAsync("name", "other bytes", NoMetadata);

        var read = new byte[11];
        var error = await Record.ExceptionAsync(async () => await reader.ReadAsync(0, read, default));
        if (error is null)
            Assert.Equal("first bytes", Encoding.UTF8.GetString(read));
        else
            Assert.IsType<ObjectChangedException>(error);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(0, 1)]
    [InlineData(9, 1)]
    [InlineData(3, 4)]
    [InlineData(4, 0)]
    [InlineData(10, 0)]
    public async Task ReadAsync_Range_FillsTheBuffer(int offset, int length)
    {
        var info = await WriteAsync("name", "0123456789", NoMetadata);
        await using var reader = await Store.OpenAsync(info, default);
        Assert.Equal(10, reader.Length);
        var read = new byte[length];
        await reader.ReadAsync(offset, read, default);
        Assert.Equal("0123456789".Substring(offset, length), Encoding.UTF8.GetString(read));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 11)]
    [InlineData(10, 1)]
    [InlineData(11, 0)]
    public async Task ReadAsync_RangeOutsideTheObject_IsRefused(int offset, int length)
    {
        var info = await WriteAsync("name", "0123456789", NoMetadata);
        await using var reader = await Store.OpenAsync(info, default);
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await reader.ReadAsync(offset, new byte[length], default));
    }

    [Fact]
    public async Task ReadAsync_ManyThreads_GivesEachItsRange()
    {
        var text = string.Concat(Enumerable.Range(0, 1000).Select(number => $"{number:0000}"));
        var info = await WriteAsync("name", text, NoMetadata);
        await using var reader = await Store.OpenAsync(info, default);
        await Parallel.ForEachAsync(Enumerable.Range(0, 1000), async (number, token) =>
        {
            var read = new byte[4];
            await reader.ReadAsync(number * 4, read, token);
            Assert.Equal($"{number:0000}", Encoding.UTF8.GetString(read));
        });
    }
}
