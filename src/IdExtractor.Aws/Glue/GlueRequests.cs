using Amazon.Runtime;
using IdExtractor.Aws.Connection;
using IdExtractor.Aws.Requests;
using IdExtractor.Core.Catalog;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.Glue;

/// <summary>
/// The calls to the Data Catalog as a run makes them: retried on temporary failures, with errors
/// mapped to this program's.
/// </summary>
internal sealed class GlueRequests(Lazy<IGlueApi> api, AwsAccess access)
{
    private const string NotFound = "EntityNotFoundException";

    /// <summary>The region of the catalog.</summary>
    public string Region => access.Region;

    /// <summary>The table.</summary>
    /// <exception cref="ConfigurationException">There is none, or it may not be read.</exception>
    /// <exception cref="TransientException">The service does not answer as it should.</exception>
    public Task<GlueTable> GetTableAsync(GlueTableName table, CancellationToken cancellationToken) =>
        RunAsync("GetTable", table, async cancel =>
        {
            var found = await api.Value.GetTableAsync(table, cancel).ConfigureAwait(false);
            return found.Name is null || found.Name.Equals(table.Table, StringComparison.OrdinalIgnoreCase)
                ? found
                : throw new FalseReplyException("another table than the one that was asked for");
        }, cancellationToken);

    /// <summary>
    /// A page of partitions; null when the service does not take the query's expression.
    /// </summary>
    /// <exception cref="ConfigurationException">They may not be read.</exception>
    /// <exception cref="TransientException">The service does not answer as it should.</exception>
    public Task<GluePartitionPage?> GetPartitionsAsync(
        GlueTableName table, GluePartitionsQuery query, CancellationToken cancellationToken) =>
        RunAsync("GetPartitions", table, async cancel =>
        {
            try
            {
                return await api.Value.GetPartitionsAsync(table, query, cancel).ConfigureAwait(false);
            }
            catch (AmazonServiceException error) when (
                query.Expression is not null
                && error.ErrorCode is "InvalidInputException" or "InvalidStateException" or "ValidationException")
            {
                return null;
            }
        }, cancellationToken);

    /// <summary>One partition; null when there is none.</summary>
    /// <exception cref="ConfigurationException">It may not be read.</exception>
    /// <exception cref="TransientException">The service does not answer as it should.</exception>
    public Task<GluePartition?> GetPartitionAsync(GlueTableName table, IReadOnlyList<string> values, CancellationToken cancellationToken) =>
        RunAsync("GetPartition", table, async cancel =>
        {
            try
            {
                var found = await api.Value.GetPartitionAsync(table, values, cancel).ConfigureAwait(false);
                return found.Values.SequenceEqual(values)
                    ? found
                    : throw new FalseReplyException("another partition than the one that was asked for");
            }
            catch (AmazonServiceException error) when (error.ErrorCode == NotFound)
            {
                return null;
            }
        }, cancellationToken);

    private async Task<T> RunAsync<T>(
        string operation, GlueTableName table, Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken)
    {
        var name = new RequestName(operation, "glue:" + operation, table.ToString());
        var plan = new RequestPlan<Reply<T>>
        {
            Send = async attempt => new Reply<T>(await send(attempt.Token).ConfigureAwait(false)),
            Answer = failure => Answer(failure, name),
            Recover = failure => failure.Kind == FailureKind.Expired && access.RenewCredentials(),
            IsRefreshable = access.IsRefreshable,
        };
        return (await access.Runner.RunAsync(name, plan, cancellationToken).ConfigureAwait(false)).Value;
    }

    /// <summary>
    /// Errors that are specific to this service. It denies access with status 400, so the code
    /// decides.
    /// </summary>
    private static IdExtractorException? Answer(AwsFailure failure, RequestName request) => failure.Code switch
    {
        NotFound when failure.Error.Message.StartsWith("Database", StringComparison.OrdinalIgnoreCase) =>
            Wrong(failure, request, "there is no such database", "check its name, --region and the catalog id"),
        NotFound => Wrong(failure, request, "there is no such table", "check its name, its database, --region and the catalog id"),
        "AccessDeniedException" when failure.Error.Message.Contains("Lake Formation", StringComparison.OrdinalIgnoreCase) =>
            Wrong(
                failure, request, "Lake Formation denies it",
                "grant DESCRIBE and SELECT on the table in Lake Formation; IAM alone does not do"),
        "AccessDeniedException" => Wrong(
            failure, request, "access is denied", $"allow {request.Permission} on the catalog, the database and the table"),
        "GlueEncryptionException" => Wrong(failure, request, "the catalog's KMS key cannot be used", "allow kms:Decrypt on it"),
        "MissingAuthenticationTokenException" or "IncompleteSignatureException" => Wrong(
            failure, request, "the signature is not taken", "check the credentials and --endpoint-url"),
        "FederationSourceException" => Wrong(
            failure, request, "the catalog's federation source fails", "check the connection of the federated catalog"),
        "ResourceNotReadyException" or "FederationSourceRetryableException" or "ConcurrentModificationException" =>
            new TransientException(
                $"Cannot finish {request.Operation}: the catalog is not ready", PlaceOf(failure, request), "run again", failure.Error),
        _ => null,
    };

    private static ConfigurationException Wrong(AwsFailure failure, RequestName request, string problem, string advice) =>
        new($"Cannot finish {request.Operation}: {problem}", PlaceOf(failure, request), advice, failure.Error);

    private static ErrorPlace PlaceOf(AwsFailure failure, RequestName request) =>
        new() { Object = request.Resource, Actual = failure.Said };

    /// <summary>An answer, which may be that there is nothing.</summary>
    private sealed record Reply<T>(T Value);
}
