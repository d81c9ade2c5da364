using System.Runtime.CompilerServices;
using IdExtractor.Core.Catalog;
using IdExtractor.Core.Catalog.Projection;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.Glue;

/// <summary>
/// A table of the Glue Data Catalog (specification, sections 2 and 3): its location, its partition
/// keys, and its partitions with their locations, which may be anywhere. For a table with
/// projection, the partitions are those of its settings that hold data. The table is fetched once
/// and kept. One instance serves one caller at a time.
/// </summary>
internal sealed class GlueCatalog(
    GlueRequests requests, GlueTableName reference, IStoreProvider stores, TimeProvider clock) : IPartitionCatalog
{
    /// <summary>
    /// Parts that a table is listed in at once: enough to hide the service's latency on tens of
    /// thousands of partitions, and few compared with the ten that it allows.
    /// </summary>
    private const int Segments = 4;

    /// <summary>
    /// Pages without a partition that are believed in a row; an expression that few partitions meet
    /// leaves some.
    /// </summary>
    private const int MostEmptyPages = 1000;

    /// <summary>
    /// More partitions of one table are not kept in memory: 1000 years of hours would be 9 million,
    /// 100 years of days are 36,525.
    /// </summary>
    private const int MostPartitions = 1_000_000;

    private Found? _found;

    /// <inheritdoc/>
    public IReadOnlyList<SkippedItem> Strays { get; private set; } = [];

    /// <inheritdoc/>
    public IPartitionOrder Order { get; private set; } = SourcePartition.Order;

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">As of <see cref="GetTableAsync"/>.</exception>
    public async ValueTask<StoreLocation> LocateAsync(CancellationToken cancellationToken) =>
        Open((await FindAsync(cancellationToken).ConfigureAwait(false)).Location);

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">There is no such table, it may not be read, or it
    /// is of a kind that is not read.</exception>
    /// <exception cref="TransientException">The Data Catalog does not answer as it
    /// should.</exception>
    public async ValueTask<CatalogTable> GetTableAsync(CancellationToken cancellationToken)
    {
        var found = await FindAsync(cancellationToken).ConfigureAwait(false);
        return new CatalogTable(found.Name.ToString(), Open(found.Location), found.Keys);
    }

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">As of the table; also settings of a projection that
    /// cannot be followed.</exception>
    /// <exception cref="TransientException">The Data Catalog does not answer as it
    /// should.</exception>
    public async IAsyncEnumerable<CatalogPartition> ListPartitionsAsync(
        PartitionPin? pin, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = await FindAsync(cancellationToken).ConfigureAwait(false);
        if (PartitionProjection.IsEnabled(found.Table.Parameters))
        {
            var projection = PartitionProjection.Parse(found.Name.ToString(), found.Keys, found.Table.Parameters, found.Location);
            var projected = new ProjectedPartitions(projection, Open);
            await foreach (var partition in projected.FindAsync(pin, clock.GetUtcNow().UtcDateTime, cancellationToken)
                .ConfigureAwait(false))
                yield return partition;
            Strays = projected.Strays;
            Order = projection.Order;
            yield break;
        }

        foreach (var partition in await ListAsync(found, pin, cancellationToken).ConfigureAwait(false))
            yield return ToPartition(found, partition);
    }

    private async ValueTask<Found> FindAsync(CancellationToken cancellationToken)
    {
        if (_found is { } known)
            return known;
        var name = reference;
        var table = await requests.GetTableAsync(name, cancellationToken).ConfigureAwait(false);
        if (table.Target is { } link)
        {
            if (link.Region is { } other && other != requests.Region)
            {
                throw new ConfigurationException(
                    "The table is a link to a table of another region",
                    new ErrorPlace { Object = name.ToString(), Expected = requests.Region, Actual = other },
                    "run with --region of that table and name the table itself");
            }

            name = link.Name;
            table = await requests.GetTableAsync(name, cancellationToken).ConfigureAwait(false);
        }

        GlueTableKind.EnsureReadable(name, table);
        return _found = new Found(name, table);
    }

    private async Task<IReadOnlyList<GluePartition>> ListAsync(Found found, PartitionPin? pin, CancellationToken cancellationToken)
    {
        if (PartitionExpression.ExactValues(found.Table.PartitionKeys, pin) is { } values)
            return await requests.GetPartitionAsync(found.Name, values, cancellationToken).ConfigureAwait(false) is { } partition
                ? [partition]
                : [];

        // An expression only saves time: where the catalog does not accept it, the selection still
        // narrows the result.
        if (PartitionExpression.Of(found.Table.PartitionKeys, pin) is { } expression
            && await ReadSegmentAsync(found.Name, new GluePartitionsQuery { Expression = expression }, cancellationToken)
                .ConfigureAwait(false) is { } narrowed)
        {
            return narrowed;
        }

        var segments = new List<GluePartition>?[Segments];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Segments, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, Segments, options, async (segment, cancel) =>
            segments[segment] = await ReadSegmentAsync(
                found.Name, new GluePartitionsQuery { Segment = segment, TotalSegments = Segments },
                cancel).ConfigureAwait(false)).ConfigureAwait(false);
        return [.. segments.SelectMany(segment => segment ?? [])];
    }

    /// <summary>
    /// All pages of a segment; null when the expression is not taken. A page may be empty without
    /// being the last.
    /// </summary>
    private async Task<List<GluePartition>?> ReadSegmentAsync(
        GlueTableName name, GluePartitionsQuery query, CancellationToken cancellationToken)
    {
        var partitions = new List<GluePartition>();
        var tokens = new HashSet<string>(StringComparer.Ordinal);
        var firsts = new HashSet<string>(StringComparer.Ordinal);
        var empty = 0;
        do
        {
            if (await requests.GetPartitionsAsync(name, query, cancellationToken).ConfigureAwait(false) is not { } page)
                return null;
            empty = page.Partitions.Count == 0 ? empty + 1 : 0;
            partitions.AddRange(page.Partitions);
            query = query with { NextToken = page.NextToken };
            var repeats = page.Partitions is [var first, ..] && !firsts.Add(string.Join('/', first.Values));
            if (repeats || empty > MostEmptyPages || (query.NextToken is { Length: > 0 } token && !tokens.Add(token)))
            {
                // The next run would ask for the same pages.
                throw new ConfigurationException(
                    "The Data Catalog's pages of partitions repeat or never end", ErrorPlace.Of(name.ToString()),
                    "check --endpoint-url, and any proxy between it and this machine; or pin the partition with --partition, or name its folder");
            }

            if (partitions.Count > MostPartitions / query.TotalSegments)
            {
                throw new ConfigurationException(
                    "The table has too many partitions",
                    new ErrorPlace { Object = name.ToString(), Expected = $"at most {MostPartitions}" },
                    "pin the partition with --partition, or name its folder");
            }
        }
        while (query.NextToken is { Length: > 0 });
        return partitions;
    }

    private CatalogPartition ToPartition(Found found, GluePartition partition)
    {
        // A partition whose number of values differs from that of the keys cannot be ordered. The
        // selection reports it.
        var values = partition.Values.Select(
            (value, index) => new PartitionValue(index < found.Keys.Count ? found.Keys[index] : "", value)).ToArray();
        if (partition.Location is not { Length: > 0 } location)
        {
            throw new InputDataException(
                "A partition has no Location in the Data Catalog",
                new ErrorPlace { Object = found.Name.ToString(), Actual = SourcePartition.Format(values) },
                "give it one, or drop it");
        }

        return new CatalogPartition(values, Open(location));
    }

    /// <summary>
    /// Keys are literal: a percent sign in a Location is one in the keys. Hadoop's names for S3 are
    /// S3.
    /// </summary>
    private StoreLocation Open(string location)
    {
        foreach (var scheme in (ReadOnlySpan<string>)["s3a://", "s3n://"])
        {
            if (location.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
                return stores.OpenFolder(AddressScheme.S3 + location[scheme.Length..]);
        }

        return AddressScheme.IsS3(location)
            ? stores.OpenFolder(location)
            : throw new ConfigurationException(
                "A Location of the table is not in S3", new ErrorPlace { Object = reference.ToString(), Actual = $"'{location}'" },
                "name a table of files in S3");
    }

    private sealed record Found(GlueTableName Name, GlueTable Table)
    {
        public string Location { get; } = GlueTableKind.DataLocation(Name, Table.Storage!);

        public IReadOnlyList<string> Keys { get; } = [.. Table.PartitionKeys.Select(key => key.Name)];
    }
}
