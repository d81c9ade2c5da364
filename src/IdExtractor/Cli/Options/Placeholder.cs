using System.Text.RegularExpressions;

namespace IdExtractor.Cli.Options;

/// <summary>
/// Placeholders of AWS Batch, <c>Ref::name</c>: a job whose parameters lack the name leaves them as
/// they are. As a local folder one would be published to, in a container that is then gone.
/// </summary>
internal static partial class Placeholder
{
    /// <summary>The first placeholder in a text; null when there is none.</summary>
    public static string? In(string text) => Pattern().Match(text) is { Success: true } match ? match.Value : null;

    [GeneratedRegex("(?<![A-Za-z0-9_])Ref::[A-Za-z0-9_.-]*", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
