using IdExtractor.Core.Parquet;
using IdExtractor.Core.Parquet.Encodings;
using IdExtractor.Core.Tests.Support;
using Xunit;

namespace IdExtractor.Core.Tests.Parquet.Encodings;

public class DeltaByteArraySelectionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Read_SomeValuesWanted_GivesThoseOfTheWholeReading(int seed)
    {
        var random = new Random(seed);
        var decoder = default(DeltaByteArrayDecoder);
        for (var round = 0; round < 100; round++)
        {
            var values = ValueTables.ByteArrays(random, random.Next(1500));
            if (round % 2 == 0)
                Array.Sort(values, (left, right) => left.AsSpan().SequenceCompareTo(right));
            using var page = new GuardedBuffer([5, .. PlainEncoders.DeltaByteArray(values, DeltaBinaryPackedDecoderTests.RandomShape(random) with { IsPadded = true })], atEnd: true);
            Assert.Equal(DecodeStatus.Ok, decoder.Init(page.Span, 1, page.Span.Length));
            var share = random.Next(3) == 0 ? 2 : random.Next(1, 400);
            var room = random.Next(20_000);
            var read = 0;
            while (read < values.Length)
            {
                var batch = random.Next(1, values.Length - read + 1);
                var wanted = Enumerable.Range(0, batch).Where(_ => random.Next(share) == 0).ToArray();
                int[] offsets = new int[batch], lengths = new int[batch];
                using var arena = new GuardedBuffer(room, atEnd: true);
                var used = random.Next(3) == 0 ? room / 2 : 0;

                Assert.Equal(DecodeStatus.Ok, decoder.Read(page.Span, arena.Span, ref used, offsets, lengths, ValueSelection.Of(wanted), out var decoded));

                Assert.InRange(used, 0, room);
                foreach (var position in wanted.Where(position => position < decoded))
                {
                    Assert.True(
                        values[read + position].AsSpan().SequenceEqual(arena.Span.Slice(offsets[position], lengths[position])), $"seed {seed}, round {round}, value {read + position}");
                }

                read += decoded;
                if (decoded == 0)
                    room = (2 * room) + 1;
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Read_DamagedStreams_FailAsTheWholeReading(int seed)
    {
        var random = new Random(seed);
        var failures = 0;
        for (var round = 0; round < 1500; round++)
        {
            var values = ValueTables.ByteArrays(random, random.Next(1, 600));
            var page = PlainEncoders.DeltaByteArray(values);
            for (var i = random.Next(1, 4); i > 0; i--)
                page[random.Next(Math.Min(page.Length, random.Next(1, 1000)))] ^= (byte)random.Next(1, 256);
            var whole = default(DeltaByteArrayDecoder);
            var some = default(DeltaByteArrayDecoder);
            var status = whole.Init(page, 0, page.Length);
            Assert.Equal(status, some.Init(page, 0, page.Length));
            if (status != DecodeStatus.Ok || whole.TotalCount > 4096)
                continue;

            var count = whole.TotalCount;
            var wanted = Enumerable.Range(0, count).Where(_ => random.Next(40) == 0).ToArray();
            byte[] wholeArena = new byte[1 << 20], someArena = new byte[1 << 20];
            int[] wholeOffsets = new int[count], wholeLengths = new int[count], offsets = new int[count], lengths = new int[count];
            int wholeUsed = 0, used = 0;
            status = whole.Read(page, wholeArena, ref wholeUsed, wholeOffsets, wholeLengths, out var wholeDecoded);
            var someStatus = some.Read(page, someArena, ref used, offsets, lengths, ValueSelection.Of(wanted), out var decoded);

            Assert.True(status == someStatus, $"seed {seed}, round {round}: {status}, {someStatus}");
            Assert.True(decoded >= wholeDecoded, $"seed {seed}, round {round}");
            failures += status == DecodeStatus.Ok ? 0 : 1;
            foreach (var position in wanted.Where(position => position < wholeDecoded))
            {
                var expected = wholeArena.AsSpan(wholeOffsets[position], wholeLengths[position]);
                Assert.True(expected.SequenceEqual(someArena.AsSpan(offsets[position], lengths[position])), $"seed {seed}, round {round}, value {position}");
            }
        }

        Assert.InRange(failures, 100, 1400);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void AreSound_RandomLengthsMostlySound_SaysWhatTheScalarTwinSays(int seed)
    {
        var random = new Random(seed);
        var sound = 0;
        for (var round = 0; round < 5000; round++)
        {
            var prefixes = new int[random.Next(40)];
            var suffixes = new int[prefixes.Length];
            for (var i = 0; i < prefixes.Length; i++)
            {
                prefixes[i] = i == 0 ? random.Next(20) : random.Next(prefixes[i - 1] + suffixes[i - 1] + 1);
                suffixes[i] = random.Next(20);
            }

            if (round % 2 == 0 && prefixes.Length > 0)
            {
                var wrong = random.Next(2) == 0 ? prefixes : suffixes;
                wrong[random.Next(wrong.Length)] = random.Next(4) switch
                {
                    0 => random.Next(int.MinValue, 0),
                    1 => 1 << 22,
                    2 => int.MaxValue,
                    _ => random.Next(100),
                };
            }

            var expected = PrefixJoiner.AreSoundScalar(prefixes, suffixes, out var scalarTotal);
            Assert.True(expected == PrefixJoiner.AreSound(prefixes, suffixes, out var total), $"seed {seed}, round {round}");
            Assert.Equal(scalarTotal, total);
            sound += expected ? 1 : 0;
        }

        Assert.InRange(sound, 2500, 4900);
    }

    [Fact]
    public void Read_SomeValuesOfALongPage_AllocatesNothing()
    {
        var page = PlainEncoders.DeltaByteArray(ValueTables.ByteArrays(new Random(1), 4000));
        var decoder = default(DeltaByteArrayDecoder);
        var arena = new byte[1 << 20];
        int[] offsets = new int[4000], lengths = new int[4000], wanted = [3, 700, 701, 3900];
        ReadOnce(ref decoder, page, arena, offsets, lengths, wanted);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var decoded = ReadOnce(ref decoder, page, arena, offsets, lengths, wanted);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal((4000, 0), (decoded, allocated));
    }

    private static int ReadOnce(ref DeltaByteArrayDecoder decoder, byte[] page, byte[] arena, int[] offsets, int[] lengths, int[] wanted)
    {
        var used = 0;
        decoder.Init(page, 0, page.Length);
        decoder.Read(page, arena, ref used, offsets, lengths, ValueSelection.Of(wanted), out var decoded);
        return decoded;
    }
}
