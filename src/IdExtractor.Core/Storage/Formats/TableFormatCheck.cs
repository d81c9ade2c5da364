using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Storage.Formats;

/// <summary>
/// Refuses folders of Delta, Hudi and Iceberg tables. Their logs decide which files count; reading
/// all of them would publish the ids of deleted rows and of superseded versions.
/// </summary>
/// <remarks>
/// A folder is refused when it, or any folder above it, carries a format's mark. Folders above a
/// table are often outside what a run may list, in S3 by policy: such a folder counts as unmarked
/// and is kept in <see cref="Unlisted"/>. On disk, links are followed. What is below a folder shows
/// in the listing of its files; see <see cref="Refuse"/>.
/// </remarks>
public sealed class TableFormatCheck
{
    /// <summary>Requests to a store for each folder without marks: one per format.</summary>
    public const int RequestsPerFolder = 3;

    private const int Parallelism = 16;

    private readonly Lock _gate = new();
    private readonly SortedSet<string> _unlisted = new(StringComparer.Ordinal);

    /// <summary>Folders above the tables that could not be looked into.</summary>
    public IReadOnlyCollection<string> Unlisted
    {
        get
        {
            lock (_gate)
                return [.. _unlisted];
        }
    }

    /// <summary>Looks at a folder and at those above it.</summary>
    /// <param name="folder">A table's folder, or a partition's.</param>
    /// <param name="clean">A folder above it that has been checked with everything above that; null
    /// to climb to the top.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="ConfigurationException">One of them is the root of such a table; or the
    /// folder itself cannot be listed.</exception>
    public async Task EnsurePlainAsync(StoreLocation folder, StoreLocation? clean, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var levels = Climb(folder, clean);
        if (folder.Store.FollowLinks(folder.Prefix) is { } target)
            levels.AddRange(Climb(new StoreLocation(target, ""), clean: null));
        var found = new TableFormat?[levels.Count];
        await ConcurrentWork.ForAsync(levels.Count, Parallelism, async (i, cancel) =>
        {
            var isAbove = levels[i].Store != folder.Store;
            found[i] = await FindAsync(levels[i], mayBeClosed: isAbove, cancel).ConfigureAwait(false);
        }, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < found.Length; i++)
        {
            if (found[i] is { } format)
                throw Refused(folder.ToString(), format, levels[i].ToString());
        }
    }

    /// <summary>Refuses a listing that shows a format's mark below the listed folder.</summary>
    /// <param name="folder">The listed folder.</param>
    /// <param name="key">A key in it.</param>
    /// <exception cref="ConfigurationException">The key is a part of a table's log.</exception>
    public static void Refuse(StoreLocation folder, string key)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(key);
        if (TableFormatMarks.TryFind(key.AsSpan(folder.Prefix.Length), out var format, out var rootLength))
            throw Refused(folder.ToString(), format, folder.Store.Describe(key[..(folder.Prefix.Length + rootLength)]));
    }

    /// <summary>How many folders <see cref="EnsurePlainAsync"/> looks at.</summary>
    public static int CountFolders(StoreLocation folder, StoreLocation? clean)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return Climb(folder, clean).Count;
    }

    /// <summary>The folder and those above it, the lowest first.</summary>
    private static List<StoreLocation> Climb(StoreLocation folder, StoreLocation? clean)
    {
        var stop = clean?.ToString().TrimEnd('/');
        var levels = new List<StoreLocation>();
        for (var level = folder; level is not null && level.ToString().TrimEnd('/') != stop; level = level.Above?.Folder)
            levels.Add(level);
        return levels;
    }

    private async Task<TableFormat?> FindAsync(StoreLocation level, bool mayBeClosed, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(level, cancellationToken).ConfigureAwait(false);
        }
        catch (ConfigurationException) when (mayBeClosed)
        {
            lock (_gate)
                _unlisted.Add(level.ToString());
            return null;
        }
    }

    private static async Task<TableFormat?> FindAsync(StoreLocation level, CancellationToken cancellationToken)
    {
        if (await level.Store.FolderExistsAsync(level.Prefix + TableFormatMarks.DeltaLog, cancellationToken).ConfigureAwait(false))
            return TableFormat.Delta;
        if (await level.Store.FolderExistsAsync(level.Prefix + TableFormatMarks.HudiTimeline, cancellationToken).ConfigureAwait(false))
            return TableFormat.Hudi;
        var metadata = level.Prefix + TableFormatMarks.IcebergFolder;
        if (!await level.Store.FolderExistsAsync(metadata, cancellationToken).ConfigureAwait(false))
            return null;
        await foreach (var file in level.Store.ListAsync(metadata, cancellationToken).ConfigureAwait(false))
        {
            var name = file.Key.AsSpan(metadata.Length);
            if (!name.Contains('/') && TableFormatMarks.IsIcebergMetadata(name))
                return TableFormat.Iceberg;
        }

        return null;
    }

    private static ConfigurationException Refused(string folder, TableFormat format, string root)
    {
        var name = format.ToName();
        return new ConfigurationException($"The folder belongs to a table of {name}, whose log decides which files count", new ErrorPlace
        {
            Object = folder,
            Expected = "a folder of plain Parquet files",
            Actual = $"the root of a {name} table at {root}",
        }, $"write the table's current rows as plain Parquet with an engine that reads {name}, and name that folder; "
            + "leave the table's own files alone");
    }
}
