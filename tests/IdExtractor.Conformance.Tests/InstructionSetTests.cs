using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet.Kernels;

namespace IdExtractor.Conformance.Tests;

/// <summary>
/// What a leg of <c>.ci/isa-legs</c> checks first: that its instructions are really switched off.
/// </summary>
public sealed class InstructionSetTests
{
    internal const string Variable = "IDEXTRACTOR_EXPECT_ISA";

    [LegFact]
    public void Process_OfALeg_DoesWithoutTheInstructions()
    {
        var leg = Environment.GetEnvironmentVariable(Variable);
        (string Name, bool IsOn)[] off = leg switch
        {
            "no-avx512" => [("AVX-512", Avx512F.IsSupported), ("512-bit vectors", Vector512.IsHardwareAccelerated)],
            "no-avx2" => [("AVX2", Avx2.IsSupported), ("BMI2", Bmi2.X64.IsSupported), ("256-bit vectors", Vector256.IsHardwareAccelerated)],
            "no-sse42" => [("SSE4.2", Sse42.IsSupported), ("SSSE3", Ssse3.IsSupported), ("AVX", Avx.IsSupported)],
            "no-intrinsics" => [
                ("SSE2", Sse2.IsSupported), ("128-bit vectors", Vector128.IsHardwareAccelerated),
                ("carry-less multiplication", Pclmulqdq.IsSupported)
            ],
            "scalar-kernels" => [("a kernel with vectors", KernelRegistry.All.Any(kernel => !kernel.Uses(Kernel.Scalar)))],
            _ => throw new InvalidOperationException($"{Variable} is '{leg}', which is no leg"),
        };

        Assert.All(off, feature => Assert.False(feature.IsOn, $"{feature.Name} is on in the leg {leg}"));
    }
}

/// <summary>A fact for the legs only.</summary>
internal sealed class LegFactAttribute : FactAttribute
{
    public LegFactAttribute() =>
        Skip = Environment.GetEnvironmentVariable(InstructionSetTests.Variable) is null
            ? $"{InstructionSetTests.Variable} is not set: this is no leg of .ci/isa-legs"
            : null;
}
