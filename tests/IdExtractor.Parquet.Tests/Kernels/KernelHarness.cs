using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IdExtractor.Foundation.Kernels;
using IdExtractor.Testing.Buffers;
using IdExtractor.Testing.Kernels;

namespace IdExtractor.Parquet.Tests.Kernels;

/// <summary>
/// Runs a variant on memory next to a guard page: sources and targets end at one, or start right
/// behind one. Compares its results with those of the reference implementation on ordinary memory.
/// Touching a guard page ends the process.
/// </summary>
internal sealed class KernelHarness : IDisposable
{
    private readonly Dictionary<(bool IsTarget, int Number), GuardedArena> _arenas = [];

    /// <summary>
    /// The first difference over every shape, length and place; null when there is none.
    /// </summary>
    public string? Check(KernelCase kernel, string variant, int seed)
    {
        foreach (var shape in Enum.GetValues<InputShape>())
        {
            foreach (var length in kernel.Lengths)
            {
                var input = kernel.Make(new Random(seed + (length * 31) + ((int)shape * 1_000_003)), length, shape);
                if (CheckPlaces(kernel, variant, input) is { } difference)
                    return $"{kernel.Kernel.Name}:{variant}, seed {seed}, {shape} input of length {length}: {difference}";
            }
        }

        return null;
    }

    public void Dispose()
    {
        foreach (var arena in _arenas.Values)
            arena.Dispose();
    }

    private string? CheckPlaces(KernelCase kernel, string variant, KernelInput input)
    {
        var common = new CommonMemory();
        var expected = new KernelBuffers(kernel, input, common.Place);
        var result = kernel.Run(Kernel.Scalar, input, expected);
        foreach (var sourcesAtEnd in new[] { true, false })
        {
            foreach (var targetsAtEnd in new[] { true, false })
            {
                var actual = new KernelBuffers(
                    kernel, input,
                    (isTarget, number, length) => PlaceAtGuard(isTarget, number, length, isTarget ? targetsAtEnd : sourcesAtEnd));
                var difference = Difference(kernel, input, (expected, result), (actual, kernel.Run(variant, input, actual)));
                if (difference is not null)
                    return $"{difference}, with sources at the {(sourcesAtEnd ? "end" : "beginning")} and targets at the {(targetsAtEnd ? "end" : "beginning")} of their pages";
            }
        }

        GC.KeepAlive(common);
        return null;
    }

    private static string? Difference(
        KernelCase kernel, KernelInput input, (KernelBuffers At, long Result) expected, (KernelBuffers At, long Result) actual)
    {
        if (expected.Result != actual.Result)
            return $"returns {actual.Result:X} instead of {expected.Result:X}";
        for (var i = 0; i < input.Sources.Length; i++)
        {
            if (!actual.At.Source(i).SequenceEqual(input.Sources[i]))
                return $"writes to source {i}";
        }

        for (var i = 0; i < input.Targets.Length; i++)
        {
            var defined = kernel.Defined(i, expected.Result, expected.At);
            if (defined != kernel.Defined(i, actual.Result, actual.At))
                return $"target {i} has another length";
            var same = expected.At.Target(i)[..defined].CommonPrefixLength(actual.At.Target(i)[..defined]);
            if (same != defined)
                return $"target {i} differs at byte {same} of {defined}";
        }

        return null;
    }

    private unsafe nint PlaceAtGuard(bool isTarget, int number, int length, bool atEnd)
    {
        if (!_arenas.TryGetValue((isTarget, number), out var arena) || arena.Capacity < length)
        {
            arena?.Dispose();
            _arenas[(isTarget, number)] = arena = new GuardedArena(length);
        }

        var span = atEnd ? arena.EndingAtGuard(length) : arena.BeginningAtGuard(length);
        return (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(span));
    }

    /// <summary>Pinned arrays.</summary>
    private sealed class CommonMemory
    {
        private readonly List<byte[]> _arrays = [];

        public unsafe nint Place(bool isTarget, int number, int length)
        {
            _arrays.Add(GC.AllocateUninitializedArray<byte>(length, pinned: true));
            return (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_arrays[^1]));
        }
    }
}
