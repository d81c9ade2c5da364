using System.Globalization;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.S3;

/// <summary>
/// Sizes of uploads and copies by an environment variable: for endpoints with other limits than
/// Amazon's, and for tests that reach uploads in parts with small files.
/// </summary>
public static class S3Sizes
{
    /// <summary>
    /// <c>IDEXTRACTOR_S3_SIZES=put:16777216,part:8388608,copy:5368709120,copy-part:268435456</c>;
    /// what is not named stays as it is.
    /// </summary>
    public const string Variable = "IDEXTRACTOR_S3_SIZES";

    /// <summary>The sizes of a text.</summary>
    /// <param name="text">The value of the variable; null or empty for the default sizes.</param>
    /// <exception cref="UsageException">It is of another form.</exception>
    public static S3Tuning Read(string? text)
    {
        var tuning = new S3Tuning();
        foreach (var entry in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (entry.Split(':') is not [var name, var number]
                || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
                || bytes == 0)
                throw Wrong(entry);
            tuning = name switch
            {
                "put" => tuning with { MaxPutBytes = bytes },
                "part" => tuning with { PartBytes = bytes },
                "copy" => tuning with { MaxCopyBytes = bytes },
                "copy-part" => tuning with { CopyPartBytes = bytes },
                _ => throw Wrong(entry),
            };
        }

        // A part waits in memory, as an array.
        return tuning.PartBytes <= Array.MaxLength ? tuning : throw Wrong($"part:{tuning.PartBytes}");
    }

    private static UsageException Wrong(string entry) =>
        new(
            $"The environment variable {Variable} has the entry '{entry}'",
            "it takes put, part, copy and copy-part, each with a number of bytes, as put:16777216,part:8388608");
}
