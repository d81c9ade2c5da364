using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using IdExtractor.Core.Job;
using IdExtractor.Core.Keys;
using IdExtractor.Parquet;
using IdExtractor.Testing;
using Xunit;

namespace IdExtractor.Core.Tests.Keys;

public sealed partial class CpfCleanerTests
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
    [InlineData("1.234.567-91", "00000123456791")]
    [InlineData("7-91", "00000000000791")]
    [InlineData("123456789-01", "00012345678901")]
    [InlineData("123.456.78901", "00012345678901")]
    [InlineData("123456.789-01", "00012345678901")]
    [InlineData("000123.456.789-01", "00012345678901")]
    [InlineData("12345678/0001-95", "12345678000195")]
    [InlineData("12345678/000195", "12345678000195")]
    [InlineData("5.678/0001-95", "00005678000195")]
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
    [InlineData("12345678901.0")]
    [InlineData("123456789.00000")]
    [InlineData("12345.678901234")]
    [InlineData("1234567.8901")]
    [InlineData("12.345.678.901")]
    [InlineData("987654321/01")]
    [InlineData("456-123-789-02")]
    [InlineData("7418.5296.303")]
    [InlineData("123.456.789/01")]
    [InlineData("12.345.678-0001-95")]
    [InlineData("1.2.345.678-90")]
    [InlineData("123.456.789--01")]
    [InlineData("123..456.789-01")]
    [InlineData(".456.789-01")]
    [InlineData("-12345678901")]
    [InlineData("12345678901-")]
    [InlineData("1-2.3/4")]
    [InlineData("....1")]
    [InlineData("1e5")]
    [InlineData("12345678901.0\0")]
    public void TryClean_PadTextThatIsNoCpf_IsRejected(string value) => Assert.Null(Clean(s_pad, value));

    [Theory]
    [InlineData("", RejectReason.Empty)]
    [InlineData(" \t", RejectReason.Empty)]
    [InlineData("12345678909.0", RejectReason.Float)]
    [InlineData("123456789.00000", RejectReason.Float)]
    [InlineData("1.2E+10", RejectReason.Float)]
    [InlineData("1,2E10", RejectReason.Float)]
    [InlineData("12345678909,0", RejectReason.Float)]
    [InlineData("-12345678909.5", RejectReason.Float)]
    [InlineData("1e5", RejectReason.Float)]
    [InlineData(".5", RejectReason.Float)]
    [InlineData("5.", RejectReason.Float)]
    [InlineData("12.345.678.901", RejectReason.Punctuation)]
    [InlineData("456-123-789-02", RejectReason.Punctuation)]
    [InlineData(".-/", RejectReason.Punctuation)]
    [InlineData("123456789012345", RejectReason.TooLong)]
    [InlineData("000012345678901", RejectReason.TooLong)]
    [InlineData("1234123.456.789-01", RejectReason.TooLong)]
    [InlineData("N/A", RejectReason.NotDigits)]
    [InlineData("e", RejectReason.NotDigits)]
    [InlineData("1e5x", RejectReason.NotDigits)]
    [InlineData("+12345678901", RejectReason.NotDigits)]
    [InlineData("-12345678901", RejectReason.NotDigits)]
    [InlineData("12345678901\0", RejectReason.NotDigits)]
    [InlineData("１２３４５６７８９０１", RejectReason.NotDigits)]
    public void Explain_RejectedText_NamesTheReason(string value, RejectReason reason)
    {
        Assert.Null(Clean(s_pad, value));
        Assert.Equal(reason, CpfCleaner.Explain(Encoding.UTF8.GetBytes(value)));
    }

    [Fact]
    public void Explain_VeryLongText_IsTooLong() =>
        Assert.Equal(RejectReason.TooLong, CpfCleaner.Explain(Encoding.ASCII.GetBytes(new string('7', 100_000))));

    [Fact]
    public void TryClean_PadBytesThatAreNotUtf8_AreRejected() => Assert.False(s_pad.TryClean([0x31, 0xFF, 0xC3], new byte[14], out _));

    [Theory]
    [InlineData(11, "12345678901", "12345678901")]
    [InlineData(11, "1", "00000000001")]
    [InlineData(1, "7", "7")]
    public void TryClean_OtherWidth_PadsToIt(int width, string value, string expected) =>
        Assert.Equal(expected, Clean(new CpfCleaner(MatchRule.Pad, width), value));

    [Theory]
    [InlineData(11, "012345678901")]
    [InlineData(1, "10")]
    [InlineData(64, "00000000000000000000000000000000000000000000000000000000000000001")]
    public void TryClean_TooLongForTheWidth_IsRejected(int width, string value) =>
        Assert.Null(Clean(new CpfCleaner(MatchRule.Pad, width), value));

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void Constructor_ImpossibleWidth_IsRefused(int width) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new CpfCleaner(MatchRule.Pad, width));

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
    public void TryClean_ConcatText_IsThreeZerosAndTheValue(string value, string expected) =>
        Assert.Equal(expected, Clean(s_concat, value));

    [Theory]
    [InlineData(12345678901, "00012345678901")]
    [InlineData(7, "0007")]
    [InlineData(-5, "000-5")]
    [InlineData(long.MinValue, "000-9223372036854775808")]
    public void TryClean_ConcatNumber_IsThreeZerosAndItsPlainDecimal(long value, string expected)
    {
        Assert.Equal(
            expected, Key(s_concat.TryClean(value, new byte[40], out var length), length, d => s_concat.TryClean(value, d, out _)));
        Assert.Equal(expected, Decimal(s_concat, value));
    }

    [Fact]
    public void TryCleanDecimal_PaddedWithSignBytes_IsTheSameNumber()
    {
        byte[] bytes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 42];
        Assert.Equal(
            "00000000000042",
            Key(s_pad.TryCleanDecimal(bytes, new byte[14], out var length), length, d => s_pad.TryCleanDecimal(bytes, d, out _)));
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
            var value = new string(
                [.. Enumerable.Range(0, random.Next(20)).Select(_ => Alphabet[random.Next(random.Next(2) == 0 ? 10 : Alphabet.Length)])]);
            Assert.True(PlainKey(Encoding.ASCII.GetBytes(value), 14) == Clean(s_pad, value), $"seed {seed}");
        }
    }

    /// <summary>
    /// Digits are checked and moved by words where lengths allow it: no length, width, byte or
    /// place may make a difference.
    /// </summary>
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
                    Assert.True(
                        expected == (isKey ? Encoding.ASCII.GetString(key, 0, length) : null), $"{size} bytes, byte {value} at {place}");
                }

                text[place] = digit;
            }
        }
    }

    /// <summary>
    /// Digits are put around the marks of both shapes, with each mark there or not: the values with
    /// punctuation that are keys, and no others.
    /// </summary>
    [Fact]
    public void TryClean_RandomPunctuation_AgreesWithThePlainRule()
    {
        var keys = 0;
        for (var seed = 1; seed <= 5000; seed++)
        {
            var random = new Random(seed);
            var shape = random.Next(2) == 0 ? "ddd.ddd.ddd-dd" : "dd.ddd.ddd/dddd-dd";
            var value = string.Concat(
                shape[random.Next(8)..].Select(place => place == 'd' ? $"{random.Next(10)}" : random.Next(3) == 0 ? "" : $"{place}"));
            if (random.Next(4) == 0)
                value = value.Insert(random.Next(value.Length + 1), ".-/"[random.Next(3)].ToString());
            var expected = PlainKey(Encoding.ASCII.GetBytes(value), 14);
            keys += expected is null ? 0 : 1;
            Assert.True(expected == Clean(s_pad, value), $"seed {seed}");
        }

        Assert.InRange(keys, 1000, 4500);
    }

    /// <summary>
    /// The rule in other words: the value from right to left is one of the two shapes, as far as it
    /// goes.
    /// </summary>
    private static string? PlainKey(byte[] text, int width)
    {
        var value = Encoding.Latin1.GetString(text).Trim(' ', '\t');
        var backwards = new string([.. value.Reverse()]);
        var digits = string.Concat(value.Split('.', '-', '/'));
        var isNumber = value.Length - digits.Length == 1 && value.Contains('.', StringComparison.Ordinal);
        return !isNumber && digits.Length <= width && (Cpf().IsMatch(backwards) || Cnpj().IsMatch(backwards))
            ? digits.PadLeft(width, '0')
            : null;
    }

    [GeneratedRegex(@"\A([0-9]{1,2}|[0-9]{2}-?[0-9]{1,3}|[0-9]{2}-?[0-9]{3}\.?[0-9]{1,3}|[0-9]{2}-?[0-9]{3}\.?[0-9]{3}\.?[0-9]+)\z")]
    private static partial Regex Cpf();

    [GeneratedRegex(@"\A([0-9]{2}-?[0-9]{1,4}|[0-9]{2}-?[0-9]{4}/?[0-9]{1,3}|[0-9]{2}-?[0-9]{4}/?[0-9]{3}\.?[0-9]{1,3}|[0-9]{2}-?[0-9]{4}/?[0-9]{3}\.?[0-9]{3}\.?[0-9]+)\z")]
    private static partial Regex Cnpj();

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
        return Key(
            cleaner.TryCleanDecimal(bytes, new byte[cleaner.MaxNumberKeyLength], out var length), length,
            d => cleaner.TryCleanDecimal(bytes, d, out _));
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
