using System.Text;
using IdExtractor.Core.Keys;
using Xunit;

namespace IdExtractor.Core.Tests.Keys;

public sealed class KeyRelayTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4_096)]
    [InlineData(4_097)]
    [InlineData(100_000)]
    public async Task Add_AnyNumberOfKeys_ReachTheSinkInTheirOrder(int count)
    {
        var sink = new Sink();
        await using var relay = new KeyRelay<Sink>(Task.FromResult(sink));
        var keys = Enumerable.Range(0, count).Select(number => new string('0', number % 30) + number).ToList();
        keys.ForEach(key => relay.Add(Encoding.ASCII.GetBytes(key)));
        await relay.CompleteAsync();

        Assert.Equal(keys, sink.Keys);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(50)]
    [InlineData(5_000)]
    public async Task Add_DigitsWithOtherKeysBetweenThem_KeepTheirPlace(int inRow)
    {
        var sink = new Sink();
        await using var relay = new KeyRelay<Sink>(Task.FromResult(sink));
        var keys = Enumerable.Range(0, 30_000)
            .Select(i => i / inRow % 3 == 0 ? $"{i:D14}" : i / inRow % 3 == 1 ? $"{i:D9}" : $"x{i}")
            .ToList();
        keys.ForEach(key => relay.Add(Encoding.ASCII.GetBytes(key)));
        await relay.CompleteAsync();

        Assert.Equal(keys, sink.Keys);
    }

    [Fact]
    public async Task AddDigits_WordsBetweenKeys_KeepTheirPlace()
    {
        var sink = new Sink();
        await using var relay = new KeyRelay<Sink>(Task.FromResult(sink));
        var expected = new List<string>();
        for (var round = 0; round < 10; round++)
        {
            var texts = Enumerable.Range(0, round * 1000).Select(i => $"{i:D14}").ToList();
            relay.AddDigits(
                [.. texts.Select(text => { PackedDigits.TryPack(Encoding.ASCII.GetBytes(text), out var word); return word; })], 14);
            relay.Add("x"u8);
            expected.AddRange([.. texts, "x"]);
        }

        await relay.CompleteAsync();

        Assert.Equal(expected, sink.Keys);
    }

    [Fact]
    public async Task Add_KeysLongerThanABatch_KeepTheirPlace()
    {
        var sink = new Sink();
        await using var relay = new KeyRelay<Sink>(Task.FromResult(sink));
        string[] keys = [
            "1", new string('2', 65_536), "", new string('3', 65_537), new string('4', 200_000), "5", new string('6', 60_000),
            new string('7', 60_000)
        ];
        foreach (var key in keys)
            relay.Add(Encoding.ASCII.GetBytes(key));
        await relay.CompleteAsync();

        Assert.Equal(keys, sink.Keys);
    }

    [Fact]
    public async Task Add_SinkInTheMaking_WaitsForItAtLast()
    {
        var sink = new Sink();
        var making = new TaskCompletionSource<Sink>();
        await using var relay = new KeyRelay<Sink>(making.Task);
        for (var i = 0; i < 10_000; i++)
            relay.Add("1"u8);
        var completing = relay.CompleteAsync();
        Assert.False(completing.IsCompleted);
        making.SetResult(sink);
        await completing;

        Assert.Equal(10_000, sink.Keys.Count);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1_000_000)]
    public async Task Add_SinkThatFails_IsToldAndNoKeyFollows(int count)
    {
        var sink = new Sink { Room = 7 };
        await using var relay = new KeyRelay<Sink>(Task.FromResult(sink));
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            for (var i = 0; i < count; i++)
                relay.Add("1"u8);
            await relay.CompleteAsync();
        });

        await relay.DisposeAsync();
        Assert.Equal((7, 1), (sink.Keys.Count, sink.Failures));
    }

    private sealed class Sink : IKeySink
    {
        public List<string> Keys { get; } = [];

        public int Room { get; init; } = int.MaxValue;

        public int Failures { get; private set; }

        public void Add(ReadOnlySpan<byte> key)
        {
            if (Keys.Count == Room)
            {
                Failures++;
                throw new InvalidOperationException("full");
            }

            Keys.Add(Encoding.ASCII.GetString(key));
        }

        public void AddDigits(ReadOnlySpan<ulong> words, int length)
        {
            var key = new byte[length];
            foreach (var word in words)
            {
                PackedDigits.Unpack(word, key);
                Add(key);
            }
        }
    }
}
