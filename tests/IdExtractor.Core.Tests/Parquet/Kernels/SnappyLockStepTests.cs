using System.Runtime.InteropServices;
using IdExtractor.Core.Parquet;
using IdExtractor.Core.Parquet.Kernels;
using IdExtractor.Core.Tests.Support;
using Xunit;

namespace IdExtractor.Core.Tests.Parquet.Kernels;

public sealed unsafe class SnappyLockStepTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Run_WholeStreams_GivesWhatTheTagsMean(int count)
    {
        for (var seed = 0; seed < 25; seed++)
        {
            var random = new Random(seed);
            var texts = Enumerable.Range(0, count).Select(_ => SnappyText.Make(random, random.Next(1, 200_000))).ToArray();
            using var streams = new Streams(texts);
            streams.RunToEnd(outputStep: int.MaxValue, inputStep: int.MaxValue, random);
            for (var i = 0; i < count; i++)
                Assert.True(texts[i].Output.AsSpan().SequenceEqual(streams.Output(i)), $"seed {seed}, stream {i} of {count}");
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 300)]
    [InlineData(300, 5)]
    [InlineData(4096, 1000)]
    public void Run_InputAndOutputInPieces_GivesWhatTheTagsMean(int outputStep, int inputStep)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            var texts = Enumerable.Range(0, 4).Select(_ => SnappyText.Make(random, 5000)).ToArray();
            using var streams = new Streams(texts);
            streams.RunToEnd(outputStep, inputStep, random);
            for (var i = 0; i < texts.Length; i++)
                Assert.True(texts[i].Output.AsSpan().SequenceEqual(streams.Output(i)), $"seed {seed}, stream {i}");
        }
    }

    [Fact]
    public void Run_FlippedBytes_AgreesWithTheTwin()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var texts = Enumerable.Range(0, 2).Select(_ => SnappyText.Make(random, 3000)).ToArray();
            var tags = texts.Select(text => text.Tags).ToArray();
            tags[0][random.Next(tags[0].Length)] ^= (byte)(1 << random.Next(8));
            using var streams = new Streams(tags, [texts[0].Output.Length, texts[1].Output.Length]);
            streams.RunToEnd(int.MaxValue, int.MaxValue, random);
            using var twin = new Streams([tags[0]], [texts[0].Output.Length]);
            twin.RunTwinToEnd();
            Assert.Equal(twin.Status(0), streams.Status(0));
            Assert.True(twin.Output(0).SequenceEqual(streams.Output(0)), $"seed {seed}");
            Assert.True(texts[1].Output.AsSpan().SequenceEqual(streams.Output(1)), $"seed {seed}: the other stream suffers");
        }
    }

    [Theory]
    [InlineData(new byte[] { 0, (byte)'x', 1, 2 })]
    [InlineData(new byte[] { 0, (byte)'x', 1, 0 })]
    [InlineData(new byte[] { 0, (byte)'x', 2, 2, 0 })]
    [InlineData(new byte[] { 0, (byte)'x', 3, 1, 0, 0, 0x80 })]
    public void Run_OffsetBeforeTheStart_IsInvalid(byte[] head)
    {
        // Enough tags follow for the kernel itself to meet the bad one.
        var tags = head.Concat(Enumerable.Repeat(new byte[] { 0, (byte)'y' }, 500).SelectMany(pair => pair)).ToArray();
        using var streams = new Streams([tags], [505]);
        streams.RunToEnd(int.MaxValue, int.MaxValue, new Random(1));
        Assert.Equal(DecodeStatus.InvalidOffset, streams.Status(0));
        Assert.Equal(1, streams.Output(0).Length);
    }

    [Fact]
    public void Run_OffsetsNearTheEndOfDeepHistory_AreHeldAgainstIt()
    {
        // 65,535 bytes of history are deep: every offset that fits a 2-byte tag is inside. One less is not.
        var literal = Enumerable.Repeat((byte)'z', 65534).ToArray();
        byte[] tags = [61 << 2, 0xFD, 0xFF, .. literal, 2 | 3 << 2, 0xFF, 0xFF, .. Enumerable.Repeat((byte)0, 400)];
        using var streams = new Streams([tags], [66000]);
        streams.RunToEnd(int.MaxValue, int.MaxValue, new Random(1));
        Assert.Equal(DecodeStatus.InvalidOffset, streams.Status(0));
    }

    /// <summary>Some streams with their buffers: input and output each end at a page that must not be touched.</summary>
    private sealed class Streams : IDisposable
    {
        private readonly SnappyStream* _streams;
        private readonly GuardedBuffer[] _inputs;
        private readonly GuardedBuffer[] _outputs;
        private readonly byte*[] _outputStarts;
        private readonly byte*[] _inputEnds;
        private readonly byte*[] _outputEnds;

        public Streams(SnappyText[] texts)
            : this([.. texts.Select(text => text.Tags)], [.. texts.Select(text => text.Output.Length)])
        {
        }

        public Streams(byte[][] tags, int[] outputLengths)
        {
            _streams = (SnappyStream*)NativeMemory.AllocZeroed((nuint)(sizeof(SnappyStream) * tags.Length));
            _inputs = [.. tags.Select(bytes => new GuardedBuffer(bytes.Length, atEnd: true))];
            _outputs = [.. outputLengths.Select(length => new GuardedBuffer(length, atEnd: true))];
            (_outputStarts, _inputEnds, _outputEnds) = (new byte*[tags.Length], new byte*[tags.Length], new byte*[tags.Length]);
            for (var i = 0; i < tags.Length; i++)
            {
                tags[i].CopyTo(_inputs[i].Span);
                fixed (byte* input = _inputs[i].Span, output = _outputs[i].Span)
                {
                    _streams[i].Input = _streams[i].InputEnd = input;
                    _streams[i].Output = _streams[i].OutputEnd = _streams[i].History = _outputStarts[i] = output;
                    _inputEnds[i] = input + tags[i].Length;
                    _outputEnds[i] = output + outputLengths[i];
                }
            }
        }

        private int Count => _inputs.Length;

        public DecodeStatus Status(int stream) => _streams[stream].Status;

        public ReadOnlySpan<byte> Output(int stream) => new(_outputStarts[stream], (int)(_streams[stream].Output - _outputStarts[stream]));

        public void RunToEnd(int outputStep, int inputStep, Random random)
        {
            var waiting = stackalloc SnappyStream*[SnappyLockStep.MaxStreams];
            while (true)
            {
                var count = 0;
                for (var i = 0; i < Count; i++)
                {
                    if (Refill(i, outputStep, inputStep, random))
                        waiting[count++] = _streams + i;
                }

                if (count == 0)
                    return;
                SnappyLockStep.Run(waiting, count);
            }
        }

        public void RunTwinToEnd()
        {
            for (var i = 0; i < Count; i++)
            {
                Refill(i, int.MaxValue, int.MaxValue, new Random(0));
                while (_streams[i].Output < _streams[i].OutputEnd && SnappyTagDecoder.Step(ref _streams[i]))
                {
                }
            }
        }

        public void Dispose()
        {
            NativeMemory.Free(_streams);
            foreach (var buffer in _inputs.Concat(_outputs))
                buffer.Dispose();
        }

        /// <summary>Gives a stream more input and room. False when it is done or has failed.</summary>
        private bool Refill(int i, int outputStep, int inputStep, Random random)
        {
            var stream = _streams + i;
            var isStuck = stream->IsInputComplete && stream->OutputEnd == _outputEnds[i]
                && (stream->Output == stream->OutputEnd || stream->Input == stream->InputEnd || stream->OutputEnd - stream->Output < 64);
            if (stream->Status != DecodeStatus.Ok || isStuck)
                return false;
            stream->InputEnd += Math.Min(random.Next(1, Math.Max(2, inputStep)), _inputEnds[i] - stream->InputEnd);
            if (inputStep == int.MaxValue)
                stream->InputEnd = _inputEnds[i];
            stream->IsInputComplete = stream->InputEnd == _inputEnds[i];
            var room = outputStep == int.MaxValue ? int.MaxValue : random.Next(1, outputStep + 1);
            stream->OutputEnd += Math.Min(room, _outputEnds[i] - stream->OutputEnd);
            return true;
        }
    }
}
