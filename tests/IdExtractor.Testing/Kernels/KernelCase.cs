using System.Runtime.InteropServices;
using IdExtractor.Foundation.Kernels;

namespace IdExtractor.Testing.Kernels;

/// <summary>What a kernel's input is like.</summary>
internal enum InputShape
{
    /// <summary>As the usual job has it: what benchmarks measure.</summary>
    Typical,

    /// <summary>Anything that is sound.</summary>
    Random,

    /// <summary>Extremes, and where the kernel does not trust its input, lies.</summary>
    Adversarial,
}

/// <summary>
/// One kernel of the registry as tests and benchmarks see it: how to make input of any length, and
/// how to call each of its variants.
/// </summary>
/// <param name="kernel">The kernel.</param>
/// <param name="step">Values, or bytes, that its widest variant takes at a time.</param>
internal abstract class KernelCase(Kernel kernel, int step)
{
    public Kernel Kernel => kernel;

    /// <summary>Every length up to three steps and one more, and some that let loops run.</summary>
    public IEnumerable<int> Lengths => [.. Enumerable.Range(0, (3 * step) + 2), .. LongLengths];

    /// <summary>Lengths in addition to the short ones.</summary>
    protected virtual int[] LongLengths => [1000, 4095];

    /// <summary>Bytes past the end of a source that may be read.</summary>
    public virtual int OverRead(int source) => source == 0 ? kernel.OverRead : 0;

    /// <summary>Makes input of about so many values.</summary>
    public abstract KernelInput Make(Random random, int length, InputShape shape);

    /// <summary>
    /// Runs a variant: reads the sources, writes the targets, and passes on its return value.
    /// Throws for an unknown variant.
    /// </summary>
    public abstract long Run(string variant, KernelInput input, KernelBuffers at);

    /// <summary>Bytes of a target that mean something after a run.</summary>
    public virtual int Defined(int target, long result, KernelBuffers at) => at.Target(target).Length;

    protected InvalidOperationException Unknown(string variant) => new($"The kernel {kernel.Name} has no variant {variant} here.");

    protected static byte[] BytesOf<T>(T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();

    protected static byte[] RandomBytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    protected static T[] Many<T>(int count, Func<int, T> make) => [.. Enumerable.Range(0, count).Select(make)];
}

/// <summary>What one run begins with.</summary>
internal sealed class KernelInput
{
    /// <summary>What is read.</summary>
    public byte[][] Sources { get; init; } = [];

    /// <summary>What is written, as it is before.</summary>
    public byte[][] Targets { get; init; } = [];

    /// <summary>The numbers that go with it.</summary>
    public long[] Arguments { get; init; } = [];

    /// <summary>What else the kernel needs.</summary>
    public object? State { get; init; }
}
