namespace IdExtractor.Cli.Options;

/// <summary>
/// Forms of places: tables, folders, keys, endpoints; all of them are texts. Tables and folders are read by hand, since System.Uri alone would cost more start-up time than the rest
/// of the command line.
/// </summary>
internal static class PlaceForms
{
    public static ValueForm Table { get; } = new(
        "glue://database/table, s3://bucket/prefix/, file:///folder or a local path", JsonForms.String, text => IsTable(text) ? text : null);

    public static ValueForm Folder { get; } = new(
        "s3://bucket/prefix/, file:///folder or a local path", JsonForms.String,
        text => IsTable(text) && !text.StartsWith("glue://", StringComparison.Ordinal) ? text : null);

    public static ValueForm Key { get; } = new(
        "a key below the output root, as stage/stage_20251022_120000.txt.gz, without empty, '.' or '..' parts", JsonForms.String, text => IsKey(text) ? text : null);

    public static ValueForm Endpoint { get; } = new("an http:// or https:// address without user, password and query", JsonForms.String, text => IsEndpoint(text) ? text : null)
    {
        // Paths of some stores name a tenant or hold a token.
        ReportAs = text => new Uri(text).GetLeftPart(UriPartial.Authority),
    };

    /// <summary>A key, or the whole path or address of a file below the output root, as a run prints it.</summary>
    public static ValueForm StageFile { get; } = new(
        "a key below the output root, as stage/stage_20251022_120000.txt.gz, or the whole path or address of such a file", JsonForms.String,
        text => IsKey(text) || IsWhole(text) ? text : null);

    private static bool IsTable(string text)
    {
        if (ValueForms.ReadPlain(text) is null)
            return false;
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
            return true;
        var rest = text.AsSpan(scheme + 3);
        return text[..scheme] switch
        {
            "s3" => rest.Length > 0 && rest[0] != '/',
            "file" => rest.Length > 1 && rest[0] == '/',
            "glue" => IsGlueTable(rest),
            _ => false,
        };
    }

    private static bool IsGlueTable(ReadOnlySpan<char> rest)
    {
        const string Catalog = "?catalog=";
        var question = rest.IndexOf('?');
        var path = question < 0 ? rest : rest[..question];
        if (question >= 0 && !(rest[question..].StartsWith(Catalog, StringComparison.Ordinal) && rest.Length > question + Catalog.Length))
            return false;
        var slash = path.IndexOf('/');
        return slash > 0 && slash < path.Length - 1 && !path[(slash + 1)..].Contains('/');
    }

    private static bool IsKey(string text)
    {
        const int Longest = 1024;
        return ValueForms.ReadPlain(text) is not null
            && text.Length <= Longest
            && !text.Contains("://", StringComparison.Ordinal)
            && !text.Contains('\\', StringComparison.Ordinal)
            && text.Split('/').All(part => part is not ("" or "." or ".."));
    }

    private static bool IsEndpoint(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.Host.Length > 0
        && address is { UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0 };

    private static bool IsWhole(string text) => ValueForms.ReadPlain(text) is not null
        && (Path.IsPathRooted(text) || text.StartsWith("s3://", StringComparison.Ordinal) || text.StartsWith("file://", StringComparison.Ordinal));
}
