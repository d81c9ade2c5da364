using IdExtractor.Foundation.Hashing;
using Xunit;

namespace IdExtractor.Foundation.Tests.Hashing;

public sealed class WaitingStringsTests
{
    [Fact]
    public void Dequeue_AnySequence_AgreesWithAQueue()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var waiting = new WaitingStrings();
            var twin = new Queue<(byte[] Value, ulong Hash)>();
            var wasFull = false;
            for (var i = 0; i < 200; i++)
            {
                Assert.Equal(twin.Count == 0, waiting.IsEmpty);
                wasFull |= waiting.IsFull;
                if (!waiting.IsFull && random.Next(3) > 0)
                {
                    var value = new byte[random.Next(WaitingStrings.MaxBytes + 1)];
                    random.NextBytes(value);
                    var hash = (ulong)random.NextInt64();
                    waiting.Enqueue(value, hash);
                    twin.Enqueue((value, hash));
                }
                else if (twin.TryDequeue(out var expected))
                {
                    Assert.True(waiting.Dequeue(out var hash).SequenceEqual(expected.Value), $"seed {seed}");
                    Assert.Equal(expected.Hash, hash);
                }

                if (random.Next(40) == 0)
                {
                    waiting.Clear();
                    twin.Clear();
                }
            }

            Assert.True(wasFull, $"seed {seed}: never full");
        }
    }

    [Fact]
    public void Enqueue_LongerThanMayWait_IsRefused() =>
        Assert.ThrowsAny<ArgumentException>(() => new WaitingStrings().Enqueue(new byte[WaitingStrings.MaxBytes + 1], 0));
}
