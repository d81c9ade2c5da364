using System.Runtime.InteropServices;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Testing.Buffers;
using IdExtractor.Testing.Kernels;

namespace IdExtractor.Parquet.Tests.Kernels;

/// <summary>
/// Some streams with their buffers: input and output each end at a page that must not be touched.
/// </summary>
internal sealed unsafe class GuardedStreams : IDisposable
{
    private readonly PageStream* _streams;
    private readonly GuardedBuffer[] _inputs;
    private readonly GuardedBuffer[] _outputs;
    private readonly byte*[] _outputStarts;
    private readonly byte*[] _inputEnds;
    private readonly byte*[] _outputEnds;

    public GuardedStreams(params StreamText[] texts)
    {
        var count = texts.Length;
        _streams = (PageStream*)NativeMemory.AllocZeroed((nuint)(sizeof(PageStream) * count));
        _inputs = [.. texts.Select(text => new GuardedBuffer(text.Compressed.Length, atEnd: true))];
        _outputs = [.. texts.Select(text => new GuardedBuffer(text.Output.Length, atEnd: true))];
        (_outputStarts, _inputEnds, _outputEnds) = (new byte*[count], new byte*[count], new byte*[count]);
        for (var i = 0; i < count; i++)
        {
            texts[i].Compressed.CopyTo(_inputs[i].Span);
            fixed (byte* input = _inputs[i].Span, output = _outputs[i].Span)
            {
                _streams[i].Codec = texts[i].Codec;
                _streams[i].Input = _streams[i].InputEnd = input;
                _streams[i].Output = _streams[i].OutputEnd = _streams[i].History = _outputStarts[i] = output;
                _inputEnds[i] = input + texts[i].Compressed.Length;
                _outputEnds[i] = output + texts[i].Output.Length;
            }
        }
    }

    /// <summary>A kernel.</summary>
    public delegate void Kernel(PageStream** streams, int count);

    private int Count => _inputs.Length;

    public DecodeStatus Status(int stream) => _streams[stream].Status;

    public ReadOnlySpan<byte> Output(int stream) => new(_outputStarts[stream], (int)(_streams[stream].Output - _outputStarts[stream]));

    /// <summary>What comes of the end of a stream whose output is there.</summary>
    public DecodeStatus End(int stream) => LockStep.End(_streams + stream);

    /// <summary>
    /// Runs a kernel until no stream can go on, with all input and room at once, or in pieces of up
    /// to so many bytes.
    /// </summary>
    public void RunToEnd(Kernel kernel, int outputStep = int.MaxValue, int inputStep = int.MaxValue, int seed = 1)
    {
        var random = new Random(seed);
        var waiting = stackalloc PageStream*[Count];
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
            kernel(waiting, count);
        }
    }

    /// <summary>Runs the reference implementations, with all input and room at once.</summary>
    public void RunTwinsToEnd()
    {
        for (var i = 0; i < Count; i++)
        {
            Refill(i, int.MaxValue, int.MaxValue, new Random(0));
            var twin = LockStepCodec.Of(_streams[i].Codec);
            while (_streams[i].Output < _streams[i].OutputEnd && twin.StepTwin(ref _streams[i]))
            {
                // On to the next.
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
