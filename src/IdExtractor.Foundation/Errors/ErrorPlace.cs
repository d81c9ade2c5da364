namespace IdExtractor.Foundation.Errors;

/// <summary>
/// Where an error was found, and what was expected there. Every part is optional; none ever holds a
/// document or an ID.
/// </summary>
public sealed record ErrorPlace
{
    /// <summary>The object: a path, or a URI such as <c>s3://bucket/key</c>.</summary>
    public string? Object { get; init; }

    /// <summary>Row group, from 0.</summary>
    public int? RowGroup { get; init; }

    /// <summary>Column name, dotted when nested.</summary>
    public string? Column { get; init; }

    /// <summary>Byte offset in the object, from 0.</summary>
    public long? Offset { get; init; }

    /// <summary>What the format or the contract demands.</summary>
    public string? Expected { get; init; }

    /// <summary>What was there.</summary>
    public string? Actual { get; init; }

    /// <summary>A place that knows only its object.</summary>
    public static ErrorPlace Of(string @object) => new() { Object = @object };
}
