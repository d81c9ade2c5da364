using System.Text.Json.Serialization;

namespace IdExtractor.Conformance.Tests.Catalogue;

/// <summary>
/// One entry of <c>datasets.json</c>: a generated table, and the answer to its probe list.
/// </summary>
public sealed record DatasetEntry
{
    public required string Name { get; init; }

    public required ProbeAnswer Probe { get; init; }
}

/// <summary>What a semi-join of a dataset with its probe list gives.</summary>
public sealed record ProbeAnswer
{
    [JsonPropertyName("rows_matching")]
    public required long RowsMatching { get; init; }

    [JsonPropertyName("distinct_non_null_ids")]
    public required long DistinctNonNullIds { get; init; }

    [JsonPropertyName("matching_rows_with_null_id")]
    public required long MatchingRowsWithNullId { get; init; }
}
