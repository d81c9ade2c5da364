using IdExtractor.Core.Job;

namespace IdExtractor.Core.Report;

/// <summary>
/// What requests cost, by a price list that is named wherever a sum is shown. Real bills depend on
/// the account's region, storage class and contract, and exclude what is free. Bytes are not
/// included: S3 does not charge for transfers inside a region.
/// </summary>
public static class RequestPrices
{
    /// <summary>The source of the prices, to be shown with every sum.</summary>
    public const string Basis =
        "list prices of us-east-1, S3 Standard: USD 0.005 per 1,000 PUT, COPY and LIST, 0.0004 per 1,000 GET and HEAD; Glue Data Catalog: 1 per million";

    private const decimal Write = 0.005m / 1_000, Read = 0.0004m / 1_000, Catalog = 1m / 1_000_000;

    /// <summary>USD for all requests of a forecast, exact.</summary>
    public static decimal Of(RequestForecast forecast)
    {
        ArgumentNullException.ThrowIfNull(forecast);
        return forecast.Steps.Sum(step => step.Count * Of(step.Kind));
    }

    /// <summary>USD for the requests that a run has made, exact.</summary>
    public static decimal Of(RunProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        return Enum.GetValues<RequestKind>().Sum(kind => progress.RequestsOf(kind) * Of(kind));
    }

    private static decimal Of(RequestKind kind) => kind switch
    {
        RequestKind.Get or RequestKind.Head => Read,
        RequestKind.Catalog => Catalog,
        _ => Write,
    };
}
