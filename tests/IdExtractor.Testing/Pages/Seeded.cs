using System.Globalization;
using Xunit.Sdk;

namespace IdExtractor.Testing.Pages;

/// <summary>
/// Runs a property over a range of seeds, and names the seed that breaks it. With
/// <c>IDEXTRACTOR_SEED_SHARE</c>, as the legs of <c>.ci/isa-legs</c> set it, over one in so many.
/// </summary>
internal static class Seeded
{
    private static readonly int s_share =
        int.TryParse(Environment.GetEnvironmentVariable("IDEXTRACTOR_SEED_SHARE"), CultureInfo.InvariantCulture, out var share) && share > 0
            ? share
            : 1;

    public static void ForEach(int firstSeed, int count, Action<Random> property)
    {
        for (var seed = firstSeed; seed < firstSeed + count; seed += s_share)
        {
            try
            {
                property(new Random(seed));
            }
            catch (Exception broken)
            {
                throw new XunitException($"Seed {seed}: {broken.Message}", broken);
            }
        }
    }
}
