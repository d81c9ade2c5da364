using IdExtractor.Aws.Connection;
using IdExtractor.Core.Catalog;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.Glue;

/// <summary>
/// Opens tables of the Glue Data Catalog by reference: <c>glue://database/table</c>, or with
/// <c>?catalog=ID</c> behind it (specification, section 2).
/// </summary>
/// <param name="access">Credentials, region, endpoint and connections.</param>
/// <param name="stores">Opens the Locations of tables and partitions.</param>
/// <param name="clock">What <c>NOW</c> of a projection is.</param>
public sealed class GlueCatalogs(AwsAccess access, IStoreProvider stores, TimeProvider clock) : IDisposable
{
    private readonly Lazy<IGlueApi> _client = new(() =>
    {
        var config = new GlueClientConfig();
        access.Apply(config, access.Region);
        return new GlueClient(access.Credentials, config);
    });

    /// <summary>The table; nothing is asked yet.</summary>
    /// <exception cref="UsageException">The reference is not written as it should.</exception>
    public IPartitionCatalog Open(string reference) =>
        new GlueCatalog(new GlueRequests(_client, access), Parse(reference, access.Settings.CatalogId), stores, clock);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_client.IsValueCreated)
            ((GlueClient)_client.Value).Dispose();
    }

    /// <summary>Reads a reference.</summary>
    /// <param name="reference">As it is typed.</param>
    /// <param name="catalogId">The catalog of references that name none.</param>
    /// <exception cref="UsageException">It names no database, or no table.</exception>
    internal static GlueTableName Parse(string reference, string? catalogId)
    {
        var name = GlueTableName.TryParse(reference)
            ?? throw new UsageException($"'{reference}' is no table of the Data Catalog",
                "write it as glue://database/table or glue://database/table?catalog=ID");
        return name.CatalogId is null ? name with { CatalogId = catalogId } : name;
    }
}
