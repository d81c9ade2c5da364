using System.Text.Encodings.Web;
using System.Text.Json;

namespace IdExtractor.Core.Storage.Local;

/// <summary>Metadata and the hash and size of the data file that they describe.</summary>
/// <param name="Metadata">The flat map.</param>
/// <param name="Sha256">
/// SHA-256 of the data file, lower-case hex; null when the side file does not state it.
/// </param>
/// <param name="Size">Bytes of the data file; null when the side file does not state it.</param>
internal sealed record SideEntry(IReadOnlyDictionary<string, string> Metadata, string? Sha256, long? Size);

/// <summary>
/// The metadata of a local object (docs/use/output-contract.md). Two files cannot be replaced in
/// one step, so the side file goes first and holds the metadata of both the new and the current
/// version of the data file, each with the SHA-256 of its bytes; a reader takes the entry whose
/// hash its data file has.
/// </summary>
/// <param name="Primary">What <c>metadata</c> at the top level says.</param>
/// <param name="Alternate">The other version, if there is one.</param>
internal sealed record SideFile(SideEntry Primary, SideEntry? Alternate)
{
    /// <summary>No side file of ours is larger: metadata are at most a few KiB.</summary>
    public const int MaxBytes = 1 << 20;

    private const string HashInMetadata = "gz_sha256";

    private static readonly JsonWriterOptions Readable = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    /// <summary>Both entries or the only one.</summary>
    public IEnumerable<SideEntry> Entries => Alternate is null ? [Primary] : [Primary, Alternate];

    /// <summary>
    /// The entry for a data file, given its size and a way to hash it, which is used only when an
    /// entry of that size needs it.
    /// </summary>
    /// <returns>Null when the data file is none of the versions that are described.</returns>
    public SideEntry? Find(long size, Func<string> sha256)
    {
        string? hash = null;
        foreach (var entry in Entries)
        {
            if (entry.Sha256 is not null && (entry.Size ?? size) == size && entry.Sha256 == (hash ??= sha256()))
                return entry;
        }

        return Entries.FirstOrDefault(entry => entry.Sha256 is null);
    }

    /// <summary>As it is written.</summary>
    public byte[] ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            Write(json, Primary);
            if (Alternate is not null)
            {
                json.WriteStartObject("alternate");
                Write(json, Alternate);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }

    /// <summary>
    /// Reads ours, and also what other writers leave: a flat map of strings, or one under
    /// <c>metadata</c>. Anything else describes nothing, so it is null and not an error: a damaged
    /// side file must not keep the next run from replacing it.
    /// </summary>
    public static SideFile? Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return null;
            if (!root.TryGetProperty("metadata", out var nested) || nested.ValueKind != JsonValueKind.Object)
            {
                var flat = Strings(root);
                return new SideFile(new SideEntry(flat, flat.GetValueOrDefault(HashInMetadata), null), null);
            }

            var alternate = root.TryGetProperty("alternate", out var other) && other.ValueKind == JsonValueKind.Object
                ? Entry(other)
                : null;
            return new SideFile(Entry(root), alternate);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // System.Text.Json throws InvalidOperationException for text that is not valid Unicode.
            return null;
        }
    }

    private static void Write(Utf8JsonWriter json, SideEntry entry)
    {
        json.WriteStartObject("metadata");
        foreach (var name in entry.Metadata.Keys.Order(StringComparer.Ordinal))
            json.WriteString(name, entry.Metadata[name]);
        json.WriteEndObject();
        if (entry.Sha256 is not null)
            json.WriteString("sha256", entry.Sha256);
        if (entry.Size is { } size)
            json.WriteNumber("size", size);
    }

    private static SideEntry Entry(JsonElement element)
    {
        var metadata = element.TryGetProperty("metadata", out var map) && map.ValueKind == JsonValueKind.Object
            ? Strings(map)
            : new Dictionary<string, string>(StringComparer.Ordinal);
        var hash = element.TryGetProperty("sha256", out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : metadata.GetValueOrDefault(HashInMetadata);
        long? size = element.TryGetProperty("size", out var number)
            && number.ValueKind == JsonValueKind.Number
            && number.TryGetInt64(out var value)
            ? value
            : null;
        return new SideEntry(metadata, hash, size);
    }

    private static Dictionary<string, string> Strings(JsonElement map)
    {
        var strings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in map.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.String)
                strings[property.Name] = property.Value.GetString()!;
        }

        return strings;
    }
}
