using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Testing.Kernels;

/// <summary>
/// The cases of all kernels. A test checks them against the registry, so that no kernel and no
/// variant is skipped.
/// </summary>
internal static class KernelCases
{
    public static IReadOnlyList<KernelCase> All { get; } =
    [
        new LockStepCase(LockStepCodec.Snappy, KernelRegistry.Snappy, step: 17),
        new LockStepCase(LockStepCodec.SnappyPairs, KernelRegistry.SnappyPairs, step: 17),
        new LockStepCase(LockStepCodec.Lz4, KernelRegistry.Lz4, step: 32),
        new RepeatCase(), new WalkCase(), new PlainCase(), new ProbeCase(), new ProbeViewCase(), new ProbeNumbersCase(), new UnpackCase(),
        new LevelsCase(), new CountLevelsCase(), new PackLevelsCase(),
        new RowsCase(), new RanksCase(), new IndexBoundsCase(), new LookupCase(), new Sum32Case(), new JoinCase(), new SplitCase(),
        new CrcCase(),
    ];

    /// <summary>The case of a kernel.</summary>
    public static KernelCase Of(string kernel) => All.Single(one => one.Kernel.Name == kernel);
}
