namespace IdExtractor.Parquet.Kernels;

/// <summary>
/// The codec-specific part of <see cref="LockStepLoops{TCodec}"/>. Codecs are empty structs, so the
/// loops are compiled for each of them with its step inlined.
/// </summary>
internal unsafe interface ILockStepCodec
{
    /// <summary>
    /// Whether the machine has what the kernel needs and the environment does not force the
    /// reference implementation.
    /// </summary>
    static abstract bool IsSupported { get; }

    /// <summary>
    /// The table that <see cref="Step"/> uses. The loops keep it in a register: a constant would be
    /// loaded again at every use.
    /// </summary>
    static abstract byte* Table { get; }

    /// <summary>
    /// Whether these streams are what the kernel is for. It stops as soon as they are not.
    /// </summary>
    static virtual bool Fits(PageStream** streams, int count) => true;

    /// <summary>
    /// Whether the stream is at the start of a step, and not inside a literal or a match.
    /// </summary>
    static abstract bool IsBetweenSteps(PageStream* stream);

    /// <summary>Steps that are certain to stay inside both buffers, whatever the input.</summary>
    static abstract long Rounds(PageStream* stream, byte* input, byte* output);

    /// <summary>
    /// Performs one step of one stream; the only branch is for special cases. Returns false for a
    /// special case, without moving either position.
    /// </summary>
    /// <typeparam name="THistory"><see cref="LockStep.Deep"/> or
    /// <see cref="LockStep.Shallow"/>.</typeparam>
    static abstract bool Step<THistory>(byte* table, ref byte* input, ref byte* output, byte* history)
        where THistory : struct;

    /// <summary>
    /// Performs the next step, whatever it is. Returns false when the kernel cannot continue after
    /// it.
    /// </summary>
    static abstract bool TakeCare(PageStream* stream);

    /// <summary>
    /// The reference implementation: performs one step, or the rest of one, as far as input and
    /// room allow. Returns false when nothing could be done.
    /// </summary>
    static abstract bool StepPlainly(PageStream* stream);
}
