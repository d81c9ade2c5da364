using System.Text.Json.Serialization;

namespace IdExtractor.Conformance.Tests.Catalogue;

/// <summary>
/// One line of <c>manifest.json</c>: what one leaf column of one file holds. Fields that no test
/// uses are omitted.
/// </summary>
public sealed record ManifestEntry
{
    public required string File { get; init; }

    public required string Column { get; init; }

    [JsonPropertyName("column_index")]
    public required int ColumnIndex { get; init; }

    public required string Expect { get; init; }

    /// <summary>When a clean refusal is right, too; null when it is not.</summary>
    [JsonPropertyName("expect_alt")]
    public string? ExpectAlternative { get; init; }

    public string? Md5 { get; init; }

    [JsonPropertyName("md5_physical")]
    public string? Md5Physical { get; init; }

    public long Rows { get; init; }

    public long Nulls { get; init; }

    public string? Reason { get; init; }

    public string? Note { get; init; }

    public string? Dataset { get; init; }

    public string? Physical { get; init; }

    public bool Bloom { get; init; }

    [JsonPropertyName("column_index_present")]
    public bool HasColumnIndex { get; init; }

    [JsonPropertyName("offset_index_present")]
    public bool HasOffsetIndex { get; init; }

    /// <summary>What the reference readers saw where they differ, by reader.</summary>
    public IReadOnlyDictionary<string, Reading> Disagreement { get; init; } = new Dictionary<string, Reading>();

    /// <summary>For any of several outcomes: the hashes that are right.</summary>
    [JsonIgnore]
    public IEnumerable<string> AcceptedHashes => Disagreement.Values.Select(reading => reading.Md5).Append(Md5).OfType<string>();
}

/// <summary>What one reader saw in one column.</summary>
public sealed record Reading
{
    public string? Md5 { get; init; }

    public long Rows { get; init; }

    public long Nulls { get; init; }
}
