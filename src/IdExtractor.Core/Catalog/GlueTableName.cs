using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Catalog;

/// <summary>
/// A table of a Data Catalog, as a reference names it: <c>glue://database/table</c>, or with
/// <c>?catalog=ID</c> behind it (specification, section 2).
/// </summary>
/// <param name="CatalogId">The account whose catalog it is; null for the caller's.</param>
/// <param name="Database">The database.</param>
/// <param name="Table">The table.</param>
public sealed record GlueTableName(string? CatalogId, string Database, string Table)
{
    private const string CatalogQuery = "?catalog=";

    /// <summary>Reads a reference.</summary>
    /// <returns>Null when it has another scheme, or names no database, no table or an empty
    /// catalog.</returns>
    public static GlueTableName? TryParse(string reference)
    {
        if (!AddressScheme.IsGlue(reference))
            return null;
        var rest = reference.AsSpan(AddressScheme.Glue.Length);
        var query = rest.IndexOf('?');
        var catalog = query < 0 ? default : rest[query..];
        if (query >= 0 && (!catalog.StartsWith(CatalogQuery, StringComparison.Ordinal) || catalog.Length == CatalogQuery.Length))
            return null;
        var path = query < 0 ? rest : rest[..query];
        var slash = path.IndexOf('/');
        return slash > 0 && slash < path.Length - 1 && !path[(slash + 1)..].Contains('/')
            ? new GlueTableName(
                query < 0 ? null : catalog[CatalogQuery.Length..].ToString(), path[..slash].ToString(), path[(slash + 1)..].ToString())
            : null;
    }

    /// <summary>As it is written in a reference.</summary>
    public override string ToString() => $"{AddressScheme.Glue}{Database}/{Table}{(CatalogId is null ? "" : CatalogQuery + CatalogId)}";
}
