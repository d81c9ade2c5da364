using System.Globalization;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Catalog;

/// <summary>
/// Files and folders next to partitions, which are not read: the first ones by name, the others
/// counted. Members may be called from any thread.
/// </summary>
/// <param name="store">Where they are.</param>
internal sealed class StrayList(IObjectStore store)
{
    /// <summary>More of them are only counted.</summary>
    private const int MostNamed = 10_000;

    private const string File = "a file next to the partition folders is in no partition";
    private const string Folder = "the folder is no partition";

    private readonly Lock _gate = new();
    private readonly List<LevelEntry> _entries = [];
    private long _unnamed;

    /// <summary>Adds one; what only marks a folder is none.</summary>
    public void Add(LevelEntry entry)
    {
        if (!entry.IsFolder && DataFileName.IsFolderMarker(entry.Key))
            return;
        lock (_gate)
        {
            if (_entries.Count < MostNamed)
                _entries.Add(entry);
            else
                _unnamed++;
        }
    }

    /// <summary>Adds those of another list, which no other thread uses.</summary>
    public void Add(StrayList others)
    {
        foreach (var entry in others._entries)
            Add(entry);
        lock (_gate)
            _unnamed += others._unnamed;
    }

    /// <summary>All of them, as warnings, in ordinal order.</summary>
    public IReadOnlyList<SkippedItem> Items()
    {
        lock (_gate)
        {
            var items = _entries
                .OrderBy(entry => entry.Key, KeyOrder.Instance)
                .Select(entry => new SkippedItem(store.Describe(entry.Key), entry.IsFolder ? Folder : File, IsWarning: true))
                .ToList();
            if (_unnamed > 0)
                items.Add(new SkippedItem(string.Create(CultureInfo.InvariantCulture, $"{_unnamed} others"), File, IsWarning: true));
            return items;
        }
    }
}
