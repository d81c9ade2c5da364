using IdExtractor.Foundation.Checksums;
using IdExtractor.Foundation.Kernels;
using IdExtractor.Parquet.Kernels;
using Xunit;

namespace IdExtractor.Parquet.Tests.Kernels;

public sealed class KernelRegistryTests
{
    private static readonly Kernel Sample = new("sample", [new("vector512", IsSupported: false), new("vector128"), new(Kernel.Scalar)]);

    [Fact]
    public void All_Kernels_EndInThePlainTwinThatRunsEverywhere()
    {
        Assert.Equal(KernelRegistry.All.Count, KernelRegistry.All.Select(kernel => kernel.Name).Distinct().Count());
        Assert.All(KernelRegistry.All, kernel => Assert.Equal(new KernelVariant(Kernel.Scalar), kernel.Variants[^1]));
        Assert.All(KernelRegistry.All, kernel => Assert.True(kernel.Variants.Count > 1, $"{kernel.Name} has nothing to choose from"));
        Assert.All(
            KernelRegistry.All, kernel => Assert.Contains(kernel.Variants, variant => variant.IsSupported && kernel.Uses(variant.Name)));
    }

    [Fact]
    public void All_Kernels_AreAllThatTheRegistryNames()
    {
        var named = typeof(KernelRegistry)
            .GetFields()
            .Where(field => field.FieldType == typeof(Kernel))
            .Select(field => (Kernel)field.GetValue(null)!);
        Assert.Equal(named.Append(Crc32.Kernel), KernelRegistry.All);
    }

    [Theory]
    [InlineData(null, "vector128")]
    [InlineData("", "vector128")]
    [InlineData("sample:scalar", "scalar")]
    [InlineData("all:scalar", "scalar")]
    [InlineData("other:scalar, sample:scalar", "scalar")]
    [InlineData("other:scalar", "vector128")]
    [InlineData("sample:vector512", "vector128")]
    [InlineData("sample:unheard-of", "vector128")]
    [InlineData("sample", "vector128")]
    [InlineData(":,::,sample:", "vector128")]
    public void With_Choices_TakesWhatIsNamedAndThere(string? choices, string chosen) => Assert.Equal(chosen, Sample.With(choices).Chosen);

    [Fact]
    public void Chosen_NothingForced_IsTheFastestSupported() => Assert.Equal("vector128", Sample.Chosen);
}
