using System.Text;
using IdExtractor.Core.Collect;
using Xunit;

namespace IdExtractor.Core.Tests.Collect;

public sealed class IdRulesTests
{
    [Theory]
    [InlineData("ID001", IdProblem.None)]
    [InlineData(" ", IdProblem.None)]
    [InlineData("\t\0\"\\,", IdProblem.None)]
    [InlineData("\v\f\u0085\u2028\u2029", IdProblem.None)]
    [InlineData("\uFEFFé😀\uFFFF", IdProblem.None)]
    [InlineData("", IdProblem.Empty)]
    [InlineData("\n", IdProblem.LineBreak)]
    [InlineData("a\r", IdProblem.LineBreak)]
    [InlineData("a\r\nb", IdProblem.LineBreak)]
    public void Check_Text_TellsTheProblem(string id, IdProblem expected) =>
        Assert.Equal(expected, IdRules.Check(Encoding.UTF8.GetBytes(id)));

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0x41, 0xC3 })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    public void Check_BytesThatAreNotUtf8_AreTold(byte[] id) => Assert.Equal(IdProblem.NotUtf8, IdRules.Check(id));

    [Fact]
    public void Check_LineBreakAnywhere_IsFound()
    {
        for (var length = 1; length < 100; length++)
        {
            for (var place = 0; place < length; place++)
            {
                var id = new byte[length];
                id.AsSpan().Fill((byte)'x');
                id[place] = (byte)'\n';
                Assert.Equal(IdProblem.LineBreak, IdRules.Check(id));
            }
        }
    }

    [Fact]
    public void Check_AnyByteAnywhere_AgreesWithTheRules()
    {
        for (var length = 1; length < 20; length++)
        {
            for (var place = 0; place < length; place++)
            {
                for (var value = 0; value < 256; value++)
                {
                    var id = new byte[length];
                    id.AsSpan().Fill((byte)'x');
                    id[place] = (byte)value;
                    var expected = value is '\r' or '\n' ? IdProblem.LineBreak : value >= 0x80 ? IdProblem.NotUtf8 : IdProblem.None;
                    Assert.Equal(expected, IdRules.Check(id));
                }
            }
        }
    }
}
