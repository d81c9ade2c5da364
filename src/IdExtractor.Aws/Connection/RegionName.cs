using System.Text.RegularExpressions;

namespace IdExtractor.Aws.Connection;

/// <summary>
/// Region names become parts of host names, so they may contain only letters, digits and hyphens,
/// whatever their source.
/// </summary>
internal static partial class RegionName
{
    /// <summary>
    /// A name without the blanks and line ends around it; null when it is not the name of a region.
    /// </summary>
    public static string? Clean(string? text) => text?.Trim() is { } name && Form().IsMatch(name) ? name : null;

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
