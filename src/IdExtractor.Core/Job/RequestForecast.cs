namespace IdExtractor.Core.Job;

/// <summary>Kinds of requests, as they are paid for.</summary>
public enum RequestKind
{
    /// <summary>GetObject, a range or a whole object.</summary>
    Get,

    /// <summary>HeadObject.</summary>
    Head,

    /// <summary>A page of ListObjectsV2 or ListMultipartUploads.</summary>
    List,

    /// <summary>PutObject.</summary>
    Put,

    /// <summary>CopyObject.</summary>
    Copy,

    /// <summary>A request to the Glue Data Catalog.</summary>
    Catalog,
}

/// <summary>The kinds' names in plans and reports.</summary>
public static class RequestKindNames
{
    private static readonly string[] s_names = ["get", "head", "list", "put", "copy", "catalog"];

    /// <summary>How many kinds there are; their values are 0 and on.</summary>
    public static int Total => s_names.Length;

    /// <summary>The kind's name in lower case, as <c>get</c>.</summary>
    public static string ToName(this RequestKind kind) => s_names[(int)kind];
}

/// <summary>Requests of one kind that one step makes.</summary>
/// <param name="Step">The step.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Count">How many, 1 or more.</param>
public sealed record StepRequests(RunPhase Step, RequestKind Kind, long Count);

/// <summary>
/// The requests of a whole run whose tables and output are in S3. Assumes that no request is
/// repeated, every row group is read and has a match, the IDs fit into one PutObject and no other
/// run promotes. Not counted: the check of the output before the run, which takes about five PUTs,
/// and the segments in which the Data Catalog lists partitions, three more requests per table.
/// </summary>
/// <param name="Steps">
/// In the order of the steps, then of the kinds. Kinds that a step does not use are omitted.
/// </param>
public sealed record RequestForecast(IReadOnlyList<StepRequests> Steps)
{
    /// <summary>Requests of a kind in all steps.</summary>
    public long Count(RequestKind kind) => Steps.Where(step => step.Kind == kind).Sum(step => step.Count);
}
