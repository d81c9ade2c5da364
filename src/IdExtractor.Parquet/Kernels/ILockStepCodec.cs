namespace IdExtractor.Parquet.Kernels;

/// <summary>
/// What a codec brings to <see cref="LockStepLoops{TCodec}"/>. Codecs are empty structs, so that the loops are compiled for each of them, with its step inside.
/// </summary>
internal unsafe interface ILockStepCodec
{
    /// <summary>Whether the machine has what the kernel needs, and nobody forces its twin.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>What <see cref="Step"/> looks up. The loops hold it in a register: a constant would be loaded anew at every use.</summary>
    static abstract byte* Table { get; }

    /// <summary>Whether the stream is where a step begins, and not inside a literal or a match.</summary>
    static abstract bool IsBetweenSteps(PageStream* stream);

    /// <summary>Steps that stay inside both buffers whatever the input says.</summary>
    static abstract long Rounds(PageStream* stream, byte* input, byte* output);

    /// <summary>One step of one stream, without a branch but for care. False when it needs care; neither position has moved then.</summary>
    /// <typeparam name="THistory"><see cref="LockStep.Deep"/> or <see cref="LockStep.Shallow"/>.</typeparam>
    static abstract bool Step<THistory>(byte* table, ref byte* input, ref byte* output, byte* history)
        where THistory : struct;

    /// <summary>The next step, whatever it is. False when the kernel cannot go on after it.</summary>
    static abstract bool TakeCare(PageStream* stream);

    /// <summary>The plain twin: one step, or what is left of it, as far as input and room go. False when nothing could be done.</summary>
    static abstract bool StepPlainly(PageStream* stream);
}
