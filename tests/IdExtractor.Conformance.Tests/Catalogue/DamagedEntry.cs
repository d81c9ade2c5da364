using System.Text.Json.Serialization;

namespace IdExtractor.Conformance.Tests.Catalogue;

/// <summary>
/// One line of <c>bad.json</c> or <c>mutated.json</c>: a damaged file, and the outcomes that a
/// reader may have.
/// </summary>
public sealed record DamagedEntry
{
    public required string File { get; init; }

    /// <summary>What is wrong.</summary>
    public required string Tests { get; init; }

    public required string Expect { get; init; }

    /// <summary>The sound file that a mutation began with; null for <c>bad.json</c>.</summary>
    public string? Base { get; init; }

    /// <summary>Columns that reference readers could read, for <c>bad.json</c>.</summary>
    [JsonPropertyName("readable_columns")]
    public IReadOnlyList<ReadableColumn> ReadableColumns { get; init; } = [];
}

/// <summary>What reference readers saw in one column of a damaged file.</summary>
public sealed record ReadableColumn
{
    public required string Column { get; init; }

    [JsonPropertyName("column_index")]
    public required int ColumnIndex { get; init; }

    public required string Md5 { get; init; }

    public long Rows { get; init; }

    public long Nulls { get; init; }
}
