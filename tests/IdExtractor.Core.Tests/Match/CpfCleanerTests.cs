using System.Numerics;
using System.Text;
using IdExtractor.Core.Match;
using IdExtractor.Core.Parquet;
using IdExtractor.Core.Pipeline;
using Xunit;

namespace IdExtractor.Core.Tests.Match;

public sealed class CpfCleanerTests
{
    private static readonly CpfCleaner s_pad = new(MatchRule.Pad, 14);
    private static readonly CpfCleaner s_concat = new(MatchRule.Concat, 14);

    [Theory]
    [InlineData("12345678901", "00012345678901")]
    [InlineData("1", "00000000000001")]
    [InlineData("0", "00000000000000")]
    [InlineData("123.456.789-01", "00012345678901")]
    [InlineData("12.345.678/0001-95", "12345678000195")]
    [InlineData("12345678000195", "12345678000195")]
    [InlineData(" \t12345678901\t ", "00012345678901")]
    [InlineData("-12345678901", "00012345678901")]
    [InlineData("1-2.3/4", "00000000001234")]
    [InlineData("....1", "00000000000001")]
    public void TryClean_PadText_IsCleanedAndPadded(string value, string expected) => Assert.Equal(expected, Clean(s_pad, value));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\t \t")]
    [InlineData(".-/")]
    [InlineData(" . ")]
    [InlineData("123456789012345")]
    [InlineData("000012345678901")]
    [InlineData("1234567890A")]
    [InlineData("12ABC34501DE35")]
    [InlineData("+12345678901")]
    [InlineData("12345 678901")]
    [InlineData("12345\t678901")]
    [InlineData(". 12345678901")]
    [InlineData("12345678901\n")]
    [InlineData("\r12345678901")]
    [InlineData("12345678901\0")]
    [InlineData("\u00A012345678901")]
    [InlineData("12345678901\u00A0")]
    [InlineData("\u200B12345678901")]
    [InlineData("１２３４５６７８９０１")]
    [InlineData("١٢٣٤٥٦٧٨٩٠١")]
    [InlineData("1234567890１")]
    [InlineData("12,345")]
    [InlineData("1e5")]
    [InlineData("12345678901.0\0")]
    public void TryClean_PadTextThatIsNoCpf_IsRejected(string value) => Assert.Null(Clean(s_pad, value));

    [Fact]
    public void TryClean_PadBytesThatAreNotUtf8_AreRejected() => Assert.False(s_pad.TryClean([0x31, 0xFF, 0xC3], new byte[14], out _));

    [Theory]
    [InlineData(11, "12345678901", "12345678901")]
    [InlineData(11, "1", "00000000001")]
    [InlineData(1, "7", "7")]
    public void TryClean_OtherWidth_PadsToIt(int width, string value, string expected) => Assert.Equal(expected, Clean(new CpfCleaner(MatchRule.Pad, width), value));

    [Theory]
    [InlineData(11, "012345678901")]
    [InlineData(1, "10")]
    [InlineData(64, "00000000000000000000000000000000000000000000000000000000000000001")]
    public void TryClean_TooLongForTheWidth_IsRejected(int width, string value) => Assert.Null(Clean(new CpfCleaner(MatchRule.Pad, width), value));

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void Constructor_ImpossibleWidth_IsRefused(int width) => Assert.Throws<ArgumentOutOfRangeException>(() => new CpfCleaner(MatchRule.Pad, width));

    [Theory]
    [InlineData(12345678901, "00012345678901")]
    [InlineData(0, "00000000000000")]
    [InlineData(99999999999999, "99999999999999")]
    [InlineData(100000000000000, null)]
    [InlineData(-1, null)]
    [InlineData(long.MinValue, null)]
    public void TryClean_PadNumber_IsPaddedUnlessNegativeOrTooLong(long value, string? expected)
    {
        Assert.Equal(expected, Key(s_pad.TryClean(value, new byte[14], out var length), length, d => s_pad.TryClean(value, d, out _)));
        Assert.Equal(expected, Decimal(s_pad, value));
    }

    [Theory]
    [InlineData(0UL, "00000000000000")]
    [InlineData(12345678901UL, "00012345678901")]
    [InlineData(ulong.MaxValue, null)]
    public void TryClean_PadUnsigned_IsPaddedUnlessTooLong(ulong value, string? expected) =>
        Assert.Equal(expected, Key(s_pad.TryClean(value, new byte[14], out var length), length, d => s_pad.TryClean(value, d, out _)));

    [Theory]
    [InlineData("12345678901", "00012345678901")]
    [InlineData("", "000")]
    [InlineData(" 123.456.789-01 ", "000 123.456.789-01 ")]
    [InlineData("abc\0", "000abc\0")]
    [InlineData("123456789012345678", "000123456789012345678")]
    public void TryClean_ConcatText_IsThreeZerosAndTheValue(string value, string expected) => Assert.Equal(expected, Clean(s_concat, value));

    [Theory]
    [InlineData(12345678901, "00012345678901")]
    [InlineData(7, "0007")]
    [InlineData(-5, "000-5")]
    [InlineData(long.MinValue, "000-9223372036854775808")]
    public void TryClean_ConcatNumber_IsThreeZerosAndItsPlainDecimal(long value, string expected)
    {
        Assert.Equal(expected, Key(s_concat.TryClean(value, new byte[40], out var length), length, d => s_concat.TryClean(value, d, out _)));
        Assert.Equal(expected, Decimal(s_concat, value));
    }

    [Fact]
    public void TryCleanDecimal_PaddedWithSignBytes_IsTheSameNumber()
    {
        byte[] bytes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 42];
        Assert.Equal("00000000000042", Key(s_pad.TryCleanDecimal(bytes, new byte[14], out var length), length, d => s_pad.TryCleanDecimal(bytes, d, out _)));
    }

    [Fact]
    public void TryCleanDecimal_NoBytes_IsRejected()
    {
        Assert.False(s_pad.TryCleanDecimal([], new byte[14], out _));
        Assert.False(s_concat.TryCleanDecimal([], new byte[s_concat.MaxNumberKeyLength], out _));
    }

    [Fact]
    public void TryCleanDecimal_MoreBytesThanDecimalsHave_IsRejected()
    {
        var huge = new byte[DecimalBytes.MaxBytes + 1];
        huge[0] = 1;
        Assert.False(s_concat.TryCleanDecimal(huge, new byte[s_concat.MaxNumberKeyLength], out _));
    }

    [Fact]
    public void TryCleanDecimal_AnySize_AgreesWithBigInteger()
    {
        for (var seed = 1; seed <= 400; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[seed <= 20 ? DecimalBytes.MaxBytes : random.Next(1, 60)];
            random.NextBytes(bytes);
            if (random.Next(3) == 0)
                bytes.AsSpan(0, random.Next(bytes.Length)).Fill((byte)(random.Next(2) == 0 ? 0 : 0xFF));
            var expected = "000" + new BigInteger(bytes, isUnsigned: false, isBigEndian: true);
            var key = new byte[s_concat.MaxNumberKeyLength];
            Assert.True(s_concat.TryCleanDecimal(bytes, key, out var length), $"seed {seed}");
            Assert.True(expected == Encoding.ASCII.GetString(key, 0, length), $"seed {seed}");
        }
    }

    [Fact]
    public void TryClean_RandomText_AgreesWithThePlainRule()
    {
        const string Alphabet = "0123456789.-/ \tA";
        for (var seed = 1; seed <= 2000; seed++)
        {
            var random = new Random(seed);
            var value = new string([.. Enumerable.Range(0, random.Next(20)).Select(_ => Alphabet[random.Next(random.Next(2) == 0 ? 10 : Alphabet.Length)])]);
            var digits = string.Concat(value.Trim(' ', '\t').Split('.', '-', '/'));
            var expected = digits.Length is >= 1 and <= 14 && digits.All(char.IsAsciiDigit) ? digits.PadLeft(14, '0') : null;
            Assert.True(expected == Clean(s_pad, value), $"seed {seed}");
        }
    }

    /// <summary>Digits are checked and moved by words where lengths allow it: no length, width, byte or place may make a difference.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(11)]
    [InlineData(14)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(24)]
    [InlineData(64)]
    public void TryClean_EveryByteAtEveryPlace_AgreesWithThePlainRule(int width)
    {
        var cleaner = new CpfCleaner(MatchRule.Pad, width);
        var key = new byte[width];
        for (var size = 1; size <= 26; size++)
        {
            byte[] text = [.. Enumerable.Range(3, size).Select(i => (byte)('0' + (i % 10)))];
            for (var place = 0; place < size; place++)
            {
                var digit = text[place];
                for (var value = 0; value <= byte.MaxValue; value++)
                {
                    text[place] = (byte)value;
                    var expected = PlainKey(text, width);
                    var isKey = cleaner.TryClean(text, key, out var length);
                    Assert.True(expected == (isKey ? Encoding.ASCII.GetString(key, 0, length) : null), $"{size} bytes, byte {value} at {place}");
                }

                text[place] = digit;
            }
        }
    }

    private static string? PlainKey(byte[] text, int width)
    {
        var digits = string.Concat(Encoding.Latin1.GetString(text).Trim(' ', '\t').Split('.', '-', '/'));
        return digits.Length >= 1 && digits.Length <= width && digits.All(char.IsAsciiDigit) ? digits.PadLeft(width, '0') : null;
    }

    [Fact]
    public void TryClean_Values_AllocateNothing()
    {
        var key = new byte[s_concat.MaxNumberKeyLength];
        byte[] text = [.. "123.456.789-01"u8];
        Assert.Equal(0, Allocations.LeastOf(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                s_pad.TryClean(text, key, out _);
                s_concat.TryClean(text, key, out _);
                s_pad.TryClean(i, key, out _);
                s_pad.TryCleanDecimal(text, key, out _);
            }
        }));
    }

    private static string? Clean(CpfCleaner cleaner, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        var key = new byte[cleaner.MaxTextKeyLength(bytes.Length)];
        return cleaner.TryClean(bytes, key, out var length) ? Encoding.UTF8.GetString(key, 0, length) : null;
    }

    private static string? Decimal(CpfCleaner cleaner, long value)
    {
        var bytes = new BigInteger(value).ToByteArray(isBigEndian: true);
        return Key(cleaner.TryCleanDecimal(bytes, new byte[cleaner.MaxNumberKeyLength], out var length), length, d => cleaner.TryCleanDecimal(bytes, d, out _));
    }

    private static string? Key(bool isKey, int length, Action<byte[]> again)
    {
        if (!isKey)
            return null;
        var key = new byte[3000];
        again(key);
        return Encoding.ASCII.GetString(key, 0, length);
    }
}
