using Xunit.Sdk;

namespace IdExtractor.Testing.Pages;

/// <summary>Runs a property over a range of seeds, and names the seed that breaks it.</summary>
internal static class Seeded
{
    public static void ForEach(int firstSeed, int count, Action<Random> property)
    {
        for (var seed = firstSeed; seed < firstSeed + count; seed++)
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
