using System.Text;

namespace IdExtractor.Core.Catalog.Projection;

/// <summary>
/// Where the data of a projected partition are: a <c>storage.location.template</c>, or
/// <c>key=value</c> folders below the table as Hive lays them out.
/// </summary>
internal sealed class LocationTemplate
{
    /// <summary>
    /// What Hive escapes in the names of partition folders, in addition to control characters.
    /// </summary>
    private const string Escaped = "\"#%'*/:=?\\{[]^\u007F";

    private readonly List<Part> _parts;

    private LocationTemplate(string root, List<Part> parts) => (Root, _parts) = (root, parts);

    /// <summary>
    /// The template ends with a <c>/</c>, so that it names folders. Athena also accepts one
    /// without, and then takes it as the beginning of file names.
    /// </summary>
    public bool NamesFolders => _parts[^1].Text.EndsWith('/');

    /// <summary>
    /// The folder that all partitions are below: what comes before the first key, up to its last
    /// <c>/</c>.
    /// </summary>
    public string Root { get; }

    /// <summary>Reads a template.</summary>
    /// <param name="template">The text, with <c>${key}</c> for the value of a key.</param>
    /// <param name="keys">The table's keys; each has to be there, and no other.</param>
    /// <param name="problem">What is wrong with it.</param>
    /// <returns>Null when something is.</returns>
    public static LocationTemplate? TryParse(string template, IReadOnlyList<string> keys, out string problem)
    {
        var parts = new List<Part>();
        var used = new HashSet<int>();
        problem = "";
        for (var position = 0; position < template.Length;)
        {
            var start = template.IndexOf("${", position, StringComparison.Ordinal);
            if (start < 0)
                start = template.Length;
            if (start > position)
                parts.Add(new Part(template[position..start], null));
            if (start == template.Length)
                break;
            var end = template.IndexOf('}', start);
            var key = end < 0 ? -1 : IndexOf(keys, template[(start + 2)..end]);
            if (key < 0)
            {
                problem = "it names a key that the table does not have";
                return null;
            }

            used.Add(key);
            parts.Add(new Part("", key));
            position = end + 1;
        }

        if (used.Count < keys.Count)
        {
            problem = "it does not name every partition key";
            return null;
        }

        var literal = parts[0].Text;
        var root = literal[..(literal.LastIndexOf('/') + 1)];
        var scheme = root.IndexOf("://", StringComparison.Ordinal);
        if (parts[0].Key is not null || scheme < 0 || root.Length <= scheme + 3)
        {
            problem = "it has no bucket before the first key";
            return null;
        }

        parts[0] = new Part(literal[root.Length..], null);
        return new LocationTemplate(root, parts);
    }

    /// <summary>Folders below the table, a level a key.</summary>
    public static LocationTemplate Hive(string location, IReadOnlyList<string> keys)
    {
        var parts = new List<Part>();
        for (var key = 0; key < keys.Count; key++)
        {
            parts.Add(new Part(Escape(keys[key]) + "=", null));
            parts.Add(new Part("", key, IsEscaped: true));
            parts.Add(new Part("/", null));
        }

        return new LocationTemplate(location.EndsWith('/') ? location : location + "/", parts);
    }

    /// <summary>
    /// The folder of a partition below <see cref="Root"/>, with a <c>/</c> at its end.
    /// </summary>
    /// <param name="values">One a key, in the table's order.</param>
    public string FolderOf(IReadOnlyList<ProjectedValue> values)
    {
        var folder = new StringBuilder();
        foreach (var part in _parts)
            folder.Append(part.Key is not { } key ? part.Text : part.IsEscaped ? Escape(values[key].Text) : values[key].Text);
        if (folder.Length > 0 && folder[^1] != '/')
            folder.Append('/');
        return folder.ToString();
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (character < ' ' || Escaped.Contains(character, StringComparison.Ordinal))
                escaped.Append('%').Append(((int)character).ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            else
                escaped.Append(character);
        }

        return escaped.ToString();
    }

    private static int IndexOf(IReadOnlyList<string> keys, string name)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            if (string.Equals(keys[i], name, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return -1;
    }

    private sealed record Part(string Text, int? Key, bool IsEscaped = false);
}
