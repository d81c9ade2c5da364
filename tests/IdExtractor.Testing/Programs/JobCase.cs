using System.Text.Json;

namespace IdExtractor.Testing.Programs;

/// <summary>
/// One whole job: tables A and B in a folder of its name, options, and what must come out.
/// </summary>
public sealed record JobCase
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public required string Name { get; init; }

    public required string Exercises { get; init; }

    /// <summary>Options other than the tables and the output.</summary>
    public IReadOnlyList<string> Args { get; init; } = [];

    public required JobExpectation Expect { get; init; }

    /// <summary>All cases of the set.</summary>
    public static IReadOnlyList<JobCase> LoadAll() =>
        JsonSerializer.Deserialize<List<JobCase>>(File.ReadAllBytes(TestInput.Jobs.Path("cases.json")), s_json) ?? [];
}

/// <summary>
/// What must come out of a job. Counts are of the chosen partition of B, and of A.
/// </summary>
public sealed record JobExpectation
{
    /// <summary><c>ok</c> or <c>error</c>.</summary>
    public required string Outcome { get; init; }

    public required int ExitCode { get; init; }

    public string? Partition { get; init; }

    public long TotalIds { get; init; }

    public string? Md5 { get; init; }

    public long Rows { get; init; }

    public long MatchedRows { get; init; }

    public long NullDocumento { get; init; }

    public long NullIdsDropped { get; init; }

    public long ARows { get; init; }

    public long ARejected { get; init; }

    public long AKeys { get; init; }

    /// <summary>Words that the message must hold.</summary>
    public IReadOnlyList<string> Mentions { get; init; } = [];
}
