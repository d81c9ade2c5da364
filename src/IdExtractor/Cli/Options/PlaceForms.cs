using IdExtractor.Core.Catalog;
using IdExtractor.Core.Storage;

namespace IdExtractor.Cli.Options;

/// <summary>
/// Forms of places: tables, folders, keys, endpoints; all of them are texts. Tables and folders are
/// read by hand, since System.Uri alone would cost more start-up time than the rest of the command
/// line.
/// </summary>
internal static class PlaceForms
{
    public static ValueForm Table { get; } = new(
        "glue://database/table, s3://bucket/prefix/, file:///folder or a local path", JsonForms.String,
        text => IsTable(text) ? text : null);

    public static ValueForm Folder { get; } = new(
        "s3://bucket/prefix/, file:///folder or a local path", JsonForms.String,
        text => IsTable(text) && !AddressScheme.IsGlue(text) ? text : null);

    public static ValueForm Key { get; } = new(
        "a key below the output root, as stage/stage_20251022_120000.txt.gz, without empty, '.' or '..' parts", JsonForms.String,
        text => IsKey(text) ? text : null);

    public static ValueForm Endpoint { get; } = new(
        "an http:// or https:// address without user, password and query", JsonForms.String, text => IsEndpoint(text) ? text : null)
    {
        // Paths of some stores name a tenant or hold a token.
        ReportAs = text => new Uri(text).GetLeftPart(UriPartial.Authority),
    };

    /// <summary>
    /// A key, or the whole path or address of a file below the output root, as a run prints it.
    /// </summary>
    public static ValueForm StageFile { get; } = new(
        "a key below the output root, as stage/stage_20251022_120000.txt.gz, or the whole path or address of such a file", JsonForms.String,
        text => IsKey(text) || IsWhole(text) ? text : null);

    /// <summary>A path that starts at the current folder or above it, which no key does.</summary>
    public static bool IsFromHere(string text) =>
        text.StartsWith("./", StringComparison.Ordinal) || text.StartsWith("../", StringComparison.Ordinal);

    private static bool IsTable(string text)
    {
        if (ValueForms.ReadPlain(text) is null)
            return false;
        if (!text.Contains(AddressScheme.Separator, StringComparison.Ordinal))
            return true;
        return IsAddress(text, AddressScheme.S3) ? text.Length > AddressScheme.S3.Length && text[AddressScheme.S3.Length] != '/'
            : IsAddress(text, AddressScheme.File) ? text.Length > AddressScheme.File.Length + 1 && text[AddressScheme.File.Length] == '/'
            : GlueTableName.TryParse(text) is not null;
    }

    private static bool IsAddress(string text, string scheme) => text.StartsWith(scheme, StringComparison.Ordinal);

    private static bool IsKey(string text)
    {
        const int Longest = 1024;
        return ValueForms.ReadPlain(text) is not null
            && text.Length <= Longest
            && !text.Contains(AddressScheme.Separator, StringComparison.Ordinal)
            && !text.Contains('\\', StringComparison.Ordinal)
            && text.Split('/').All(part => part is not ("" or "." or ".."));
    }

    private static bool IsEndpoint(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.Host.Length > 0
        && address is { UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0 };

    private static bool IsWhole(string text) => ValueForms.ReadPlain(text) is not null
        && (Path.IsPathRooted(text) || IsFromHere(text) || IsAddress(text, AddressScheme.S3) || IsAddress(text, AddressScheme.File));
}
