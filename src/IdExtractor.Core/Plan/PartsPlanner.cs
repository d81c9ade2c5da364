using IdExtractor.Core.Feed;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Formats;
using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet;

namespace IdExtractor.Core.Plan;

/// <summary>
/// Finds the parts that another engine wrote, for <c>publish</c>: hidden and empty files are
/// skipped as in a table, a file that begins as Parquet is one, and every other is CSV or text by
/// its name.
/// </summary>
/// <param name="limits">What a file may claim.</param>
/// <param name="footerBudget">Bytes that the footers may take together.</param>
public sealed class PartsPlanner(ParquetLimits limits, long footerBudget)
{
    private static readonly byte[] s_magic = "PAR1"u8.ToArray();

    /// <summary>
    /// Lists and pins the parts of a folder, or the one file that the address names.
    /// </summary>
    /// <exception cref="ConfigurationException">There is nothing of that name, or it belongs to a
    /// table of Delta, Hudi or Iceberg.</exception>
    /// <exception cref="PartitionException">The folder holds no part.</exception>
    /// <exception cref="UnsupportedFileException">A part is in another format.</exception>
    /// <exception cref="InputDataException">A Parquet part lacks the id column, or parts disagree
    /// in its type.</exception>
    public async Task<IdParts> PlanAsync(IStoreProvider stores, string address, string idColumn, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stores);
        var (store, found) = await FindAsync(stores, address, cancellationToken).ConfigureAwait(false);
        if (found.Data.Count == 0)
            throw new PartitionException(
                "There are no parts to publish", ErrorPlace.Of(address), "check that the other job has written them");
        var texts = new List<TextPart>();
        var tables = new List<PlannedFile>();
        var skipped = new List<SkippedItem>(found.Skipped);
        var agreement = new ColumnAgreement(idColumn, ColumnRole.Id);
        var footers = new FooterReader(limits, footerBudget);
        foreach (var file in found.Data)
        {
            var name = store.Describe(file.Key);
            if (!await IsParquetAsync(store, file, cancellationToken).ConfigureAwait(false))
            {
                PartNames.RequireText(file.Key, name);
                texts.Add(new TextPart(store, file, name, PartNames.IsCsv(file.Key)));
                continue;
            }

            var footer = await footers.ReadAsync(store, file, name, cancellationToken).ConfigureAwait(false);
            var column = agreement.Resolve(footer);
            tables.Add(
                new PlannedFile(
                    store, file, name, footer, column, null, [.. footer.ReadRowGroups([column]).Where(group => group.RowCount > 0)]));
        }

        return new IdParts { Name = address, IdColumn = idColumn, Texts = texts, Tables = tables, Skipped = skipped };
    }

    private static async Task<(IObjectStore Store, PartitionFiles Files)> FindAsync(
        IStoreProvider stores, string address, CancellationToken cancellationToken)
    {
        if (!address.EndsWith('/'))
        {
            var (store, key) = stores.OpenObject(address);
            if (await store.HeadAsync(key, cancellationToken).ConfigureAwait(false) is { } file)
            {
                await new TableFormatCheck()
                    .EnsurePlainAsync(new StoreLocation(store, ""), clean: null, cancellationToken)
                    .ConfigureAwait(false);
                return (store, new PartitionFiles([file], []));
            }
        }

        var folder = stores.OpenFolder(address);
        await new TableFormatCheck().EnsurePlainAsync(folder, clean: null, cancellationToken).ConfigureAwait(false);
        return (folder.Store, await PartitionFiles.ListAsync(folder, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>
    /// Looks at the first bytes; those of a text may show that it is something else.
    /// </summary>
    private static async Task<bool> IsParquetAsync(IObjectStore store, ObjectInfo file, CancellationToken cancellationToken)
    {
        var head = new byte[Math.Min(file.Size, FileSignature.MaxLength)];
        var reader = await store.OpenAsync(file, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
            await reader.ReadAsync(0, head, cancellationToken).ConfigureAwait(false);
        if (head.AsSpan().StartsWith(s_magic))
            return true;
        for (var length = 1; length <= head.Length && !TextObject.IsGzip(file.Key); length++)
        {
            if (FileSignature.Find(head.AsSpan(0, length)) is { } other)
                throw new CorruptFileException($"A part is {other.What}", ErrorPlace.Of(store.Describe(file.Key)), other.Advice);
        }

        return false;
    }
}
