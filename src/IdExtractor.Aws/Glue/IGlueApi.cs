using IdExtractor.Core.Catalog;

namespace IdExtractor.Aws.Glue;

/// <summary>
/// The three calls that are made to the Data Catalog. Errors come as
/// <see cref="Amazon.Runtime.AmazonServiceException"/> with the service's error code, and as
/// <see cref="Amazon.Runtime.AmazonClientException"/> where no call could be made.
/// </summary>
internal interface IGlueApi
{
    /// <summary>GetTable.</summary>
    Task<GlueTable> GetTableAsync(GlueTableName table, CancellationToken cancellationToken);

    /// <summary>GetPartitions: one page, without column schemas.</summary>
    Task<GluePartitionPage> GetPartitionsAsync(GlueTableName table, GluePartitionsQuery query, CancellationToken cancellationToken);

    /// <summary>GetPartition.</summary>
    /// <param name="table">The table.</param>
    /// <param name="values">One a key, in order, as the catalog spells them.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task<GluePartition> GetPartitionAsync(GlueTableName table, IReadOnlyList<string> values, CancellationToken cancellationToken);
}

/// <summary>The parts of GetTable's reply that are used.</summary>
internal sealed record GlueTable
{
    /// <summary>Its name; null when the catalog gives none.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// <c>EXTERNAL_TABLE</c>, <c>VIRTUAL_VIEW</c> and the like; null when the catalog returns none.
    /// </summary>
    public string? TableType { get; init; }

    /// <summary>Table properties.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>Partition keys in order.</summary>
    public IReadOnlyList<GlueColumn> PartitionKeys { get; init; } = [];

    /// <summary>Where and how the data are; null for tables without data of their own.</summary>
    public GlueStorage? Storage { get; init; }

    /// <summary>The table that this one links to.</summary>
    public GlueLink? Target { get; init; }

    /// <summary>
    /// The connection through which a federated table is read; null for tables of the catalog
    /// itself.
    /// </summary>
    public string? FederatedBy { get; init; }

    /// <summary>It is a materialized view.</summary>
    public bool IsMaterializedView { get; init; }
}

/// <summary>A partition key.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its Hive type, as <c>string</c>, <c>int</c>, <c>date</c>.</param>
internal sealed record GlueColumn(string Name, string Type);

/// <summary>A storage descriptor.</summary>
/// <param name="Location">An address; null when there is none.</param>
/// <param name="InputFormat">Class that reads the files.</param>
/// <param name="SerializationLibrary">Class that reads the rows.</param>
/// <param name="Path">Where Spark keeps the data of a table that it created, when the Location is
/// not that place.</param>
internal sealed record GlueStorage(string? Location, string? InputFormat, string? SerializationLibrary, string? Path = null);

/// <summary>Where a resource link leads.</summary>
/// <param name="Name">The table.</param>
/// <param name="Region">The region of its catalog; null for that of the link.</param>
internal sealed record GlueLink(GlueTableName Name, string? Region);

/// <summary>A registered partition.</summary>
/// <param name="Values">One a key, in order.</param>
/// <param name="Location">Its address; null when there is none.</param>
internal sealed record GluePartition(IReadOnlyList<string> Values, string? Location);

/// <summary>One page of partitions; it may be empty and yet not the last.</summary>
/// <param name="Partitions">In no particular order.</param>
/// <param name="NextToken">Asks for the next page; null on the last.</param>
internal sealed record GluePartitionPage(IReadOnlyList<GluePartition> Partitions, string? NextToken);

/// <summary>The input of GetPartitions.</summary>
internal sealed record GluePartitionsQuery
{
    /// <summary>Which part of the table; from 0.</summary>
    public int Segment { get; init; }

    /// <summary>Parts that the table is read in, 1 to 10.</summary>
    public int TotalSegments { get; init; } = 1;

    /// <summary>Narrows by partition values; null for all.</summary>
    public string? Expression { get; init; }

    /// <summary>Of the page before; null for the first.</summary>
    public string? NextToken { get; init; }
}
