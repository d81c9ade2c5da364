using System.Globalization;

namespace IdExtractor.Parquet.Footer;

/// <summary>
/// The writer and version in <c>created_by</c>, such as <c>parquet-mr version 1.8.1-cdh5.9.0 (build
/// 4aba4da)</c>. Parsing never fails: text in any other form gives an empty application or version
/// 0.0.0.
/// </summary>
/// <param name="Application">Lower case, such as <c>parquet-mr</c>; empty when unknown.</param>
/// <param name="Version">Major, minor and patch; missing parts are 0.</param>
internal sealed record WriterVersion(string Application, Version Version)
{
    private const string Separator = " version ";

    /// <summary>No known writer.</summary>
    public static WriterVersion Unknown { get; } = new("", new Version(0, 0, 0));

    /// <summary>Parses <c>created_by</c>.</summary>
    public static WriterVersion Parse(string createdBy)
    {
        var at = createdBy.IndexOf(Separator, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return new WriterVersion(createdBy.Trim().ToLowerInvariant(), Unknown.Version);
        return new WriterVersion(createdBy[..at].Trim().ToLowerInvariant(), ParseVersion(createdBy.AsSpan(at + Separator.Length)));
    }

    /// <summary>
    /// True when the writer is <paramref name="application"/> at a version before the given one. An
    /// unknown version counts as 0.0.0.
    /// </summary>
    public bool IsBefore(string application, int major, int minor, int patch) =>
        Application == application && Version < new Version(major, minor, patch);

    /// <summary>
    /// True when the writer is <paramref name="application"/> at the given version or later.
    /// </summary>
    public bool IsSince(string application, int major, int minor, int patch) =>
        Application == application && Version >= new Version(major, minor, patch);

    /// <summary>
    /// Reads up to three numbers separated by dots. A number ends at the first other character, as
    /// in <c>1.5.0-cdh5</c> or <c>v1.2.0</c>.
    /// </summary>
    private static Version ParseVersion(ReadOnlySpan<char> text)
    {
        Span<int> parts = [0, 0, 0];
        text = text.TrimStart().TrimStart('v');
        for (var part = 0; part < parts.Length; part++)
        {
            var digits = text.IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? text[..end] : text;
            if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out parts[part]))
                break;
            text = text[digits.Length..];
            if (text.IsEmpty || text[0] != '.')
                break;
            text = text[1..];
        }

        return new Version(parts[0], parts[1], parts[2]);
    }
}
