using IdExtractor.Fuzz.Mutation;

namespace IdExtractor.Fuzz.Fuzzing;

/// <summary>One file to try.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="SameAs">The seed whose values it still holds; null when it was damaged.</param>
internal sealed record FuzzInput(byte[] Bytes, CorpusFile? SameAs)
{
    /// <summary>
    /// Makes the input of one round; the same corpus and seed always make the same.
    /// </summary>
    public static FuzzInput Create(Corpus corpus, int seed)
    {
        var random = new Random(seed);
        var origin = corpus.Seeds[random.Next(corpus.Seeds.Count)];
        if (random.Next(20) == 0)
            return new FuzzInput(DamageBytes(Splice(corpus, origin, random), random, random.Next(2)), null);
        var model = FileModel.Parse(origin.Bytes);
        for (var changes = random.Next(4); changes > 0; changes--)
            NeutralChanges.Apply(model, random);
        if (random.Next(3) == 0)
            return new FuzzInput(model.Assemble(), origin);
        var damages = random.Next(1, 3);
        switch (random.Next(5))
        {
            case 0:
                return new FuzzInput(DamageBytes(model.Assemble(), random, damages), null);
            case 1:
                return new FuzzInput(Damage.Footer(model.Assemble(), random), null);
            default:
                DamageStructure(model, random, damages);
                return new FuzzInput(model.Assemble(), null);
        }
    }

    private static byte[] Splice(Corpus corpus, CorpusFile origin, Random random) =>
        Damage.Splice(origin.Bytes, corpus.Seeds[random.Next(corpus.Seeds.Count)].Bytes, random);

    private static byte[] DamageBytes(byte[] file, Random random, int times)
    {
        for (; times > 0; times--)
            file = Damage.Bytes(file, random);
        return file;
    }

    private static void DamageStructure(FileModel model, Random random, int times)
    {
        for (; times > 0; times--)
        {
            try
            {
                Damage.Structure(model, random);
            }
            catch (Exception e) when (
                e is NullReferenceException or InvalidOperationException or ArgumentException or OverflowException
                    or IndexOutOfRangeException)
            {
                // What has been damaged once cannot always be taken for sound the second time.
                return;
            }
        }
    }
}
