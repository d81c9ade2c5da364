using IdExtractor.Parquet;

namespace IdExtractor.Bench.Pages;

/// <summary>Checks that a decoder works before it is measured.</summary>
internal static class Sound
{
    /// <summary>Fails unless a decoder reported success.</summary>
    public static void Check(DecodeStatus status)
    {
        if (status != DecodeStatus.Ok)
            throw new InvalidOperationException($"A benchmark's page could not be decoded: {status}");
    }

    /// <summary>Fails unless a decoder restored what went into the page.</summary>
    public static void Check(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        if (!expected.SequenceEqual(actual))
            throw new InvalidOperationException("A benchmark's page was decoded to something else.");
    }
}
