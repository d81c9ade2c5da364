using System.Globalization;
using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet.Kernels;
using IdExtractor.Testing.Buffers;
using IdExtractor.Testing.Kernels;
using IdExtractor.Testing.Programs;
using Xunit;

namespace IdExtractor.Parquet.Tests.Kernels;

/// <summary>
/// Every variant of every kernel of the registry against its reference implementation.
/// </summary>
public sealed class KernelVariantTests
{
    private const string SeedVariable = "IDEXTRACTOR_KERNEL_SEED";
    private const int FixedSeeds = 3;

    /// <summary>
    /// A new one each time outside CI, unless the environment asks for one again.
    /// </summary>
    private static readonly int s_freshSeed = int.TryParse(
        Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var seed) ? seed
        : TestInput.IsMandatory ? 20251130 : Random.Shared.Next(1_000_000_000);

    public static TheoryData<string, string> Variants
    {
        get
        {
            var variants = new TheoryData<string, string>();
            foreach (var kernel in KernelRegistry.All)
            {
                foreach (var variant in kernel.Variants.Where(variant => variant.IsSupported))
                    variants.Add(kernel.Name, variant.Name);
            }

            return variants;
        }
    }

    [GuardPagesTheory]
    [MemberData(nameof(Variants))]
    public void Run_AtGuardPages_AgreesWithThePlainTwin(string kernel, string variant)
    {
        // On stderr, which the report of a process that died shows: a touch of a guard page leaves
        // no other trace of the seed.
        Console.Error.WriteLine($"{SeedVariable}={s_freshSeed} for {kernel}:{variant}");
        using var harness = new KernelHarness();
        foreach (var seed in Enumerable.Range(1, FixedSeeds).Append(s_freshSeed))
            Assert.Null(harness.Check(KernelCases.Of(kernel), variant, seed));
    }

    [Fact]
    public void Cases_OfTheHarness_AreTheKernelsOfTheRegistry() =>
        Assert.Equal(KernelRegistry.All.Select(kernel => kernel.Name).Order(), KernelCases.All.Select(one => one.Kernel.Name).Order());

    [Fact]
    public void Cases_OfTheHarness_KnowEveryVariantAndNoOther()
    {
        foreach (var one in KernelCases.All)
        {
            // Input without a value reaches no instruction that the machine may lack.
            Assert.All(one.Kernel.Variants, variant => RunEmpty(one, variant.Name));
            Assert.Throws<InvalidOperationException>(() => RunEmpty(one, "unheard-of"));
        }
    }

    [GuardPagesTheory]
    [InlineData("returns")]
    [InlineData("target 0 differs")]
    [InlineData("writes to source")]
    public void Check_VariantThatIsWrong_SaysHow(string how)
    {
        using var harness = new KernelHarness();
        var broken = new BrokenCase(how);
        Assert.Null(harness.Check(broken, Kernel.Scalar, seed: 1));
        Assert.Contains(how, harness.Check(broken, "broken", seed: 1), StringComparison.Ordinal);
    }

    private static unsafe void RunEmpty(KernelCase one, string variant)
    {
        var room = stackalloc byte[1 << 12];
        var used = 0;
        var input = one.Make(new Random(1), 0, InputShape.Random);
        one.Run(
            variant, input,
            new KernelBuffers(one, input, (_, _, length) => (nint)(room + ((used += (length + 15) & -16) - ((length + 15) & -16)))));
    }

    /// <summary>A copy, of which one variant is wrong for the longest input.</summary>
    private sealed class BrokenCase(string how) : KernelCase(
        new Kernel("copy", [new KernelVariant("broken"), new KernelVariant(Kernel.Scalar)]), step: 1)
    {
        public override KernelInput Make(Random random, int length, InputShape shape) =>
            new() { Sources = [RandomBytes(random, length)], Targets = [new byte[length]] };

        public override unsafe long Run(string variant, KernelInput input, KernelBuffers at)
        {
            at.Source(0).CopyTo(at.Target(0));
            if (variant == Kernel.Scalar || at.Target(0).Length < 4095)
                return 0;
            if (how == "returns")
                return 1;
            (how == "writes to source" ? at.SourcePointer(0) : at.TargetPointer(0))[4094] ^= 1;
            return 0;
        }
    }
}
