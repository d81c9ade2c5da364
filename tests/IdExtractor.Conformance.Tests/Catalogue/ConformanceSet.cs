using System.Text.Json;
using System.Text.Json.Serialization;
using IdExtractor.Testing.Programs;

namespace IdExtractor.Conformance.Tests.Catalogue;

/// <summary>The lists of the conformance set, read once.</summary>
internal static class ConformanceSet
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
    };

    private static readonly Lazy<ILookup<string, ManifestEntry>> Manifest = new(
        () => Load<ManifestEntry>("manifest.json").ToLookup(entry => entry.File, StringComparer.Ordinal));

    /// <summary>Every file with the columns that it has in the manifest.</summary>
    public static IEnumerable<IGrouping<string, ManifestEntry>> Files => Manifest.Value;

    /// <summary>The columns of one file.</summary>
    public static IEnumerable<ManifestEntry> Columns(string file) => Manifest.Value[file];

    /// <summary>The bytes of one file.</summary>
    /// <param name="file">As the lists name it.</param>
    public static byte[] Read(string file) => File.ReadAllBytes(TestInput.Conformance.Path(file));

    /// <summary>One of the lists.</summary>
    public static IReadOnlyList<T> Load<T>(string list)
    {
        using var stream = File.OpenRead(TestInput.Conformance.Path(list));
        return JsonSerializer.Deserialize<List<T>>(stream, Json) ?? [];
    }
}
