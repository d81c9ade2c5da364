using System.Globalization;
using Amazon.Runtime;
using IdExtractor.Aws.Connection;
using IdExtractor.Aws.Requests;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.Errors;

/// <summary>
/// Failures of sources of credentials. The texts of processes and agents are not repeated, as they
/// may hold secrets.
/// </summary>
internal static class CredentialErrors
{
    /// <summary>
    /// The error of a source that is configured and fails, or of a chain in which nothing is
    /// configured.
    /// </summary>
    /// <param name="error">What the SDK raised.</param>
    /// <param name="source">The source.</param>
    /// <param name="limit">How long it was given.</param>
    /// <param name="hasGiven">It has given credentials before, so that its configuration is
    /// right.</param>
    public static IdExtractorException Translate(Exception error, AWSCredentials source, TimeSpan limit, bool hasGiven)
    {
        var failed = CredentialSource.Of(source) ?? CredentialSource.FindIncomplete();
        if (failed is null)
            return hasGiven ? Passing("the instance metadata service", error, limit) : AwsErrors.NoCredentials(error);
        if (IsPassing(error) || (hasGiven && ServiceErrorOf(error) is null))
            return Passing(failed.Name, error, limit);
        return new ConfigurationException(Problem(failed.Name), new ErrorPlace { Actual = CauseOf(error, limit) }, failed.Advice,
            WithoutSecrets(error, source));
    }

    /// <summary>
    /// The error of a chain that finds nothing, and names what is configured in part.
    /// </summary>
    public static ConfigurationException Nothing(Exception error) => CredentialSource.FindIncomplete() is { } failed
        ? new ConfigurationException(Problem(failed.Name), null, failed.Advice, error)
        : AwsErrors.NoCredentials(error);

    private static TransientException Passing(string source, Exception error, TimeSpan limit) =>
        new(Problem(source), new ErrorPlace { Actual = CauseOf(error, limit) }, "run again", error);

    private static string Problem(string source) => $"Cannot get AWS credentials from {source}";

    private static bool IsPassing(Exception error) =>
        ServiceErrorOf(error) is { } service && AwsFailure.Read(service) is { Kind: FailureKind.Throttled or FailureKind.Server };

    private static AmazonServiceException? ServiceErrorOf(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is AmazonServiceException { StatusCode: not 0 } service)
                return service;
        }

        return null;
    }

    private static string CauseOf(Exception error, TimeSpan limit) => error switch
    {
        TimeoutException => string.Create(CultureInfo.InvariantCulture, $"no answer within {limit.TotalSeconds:0} s"),
        FileNotFoundException or DirectoryNotFoundException => "no such file",
        _ when ServiceErrorOf(error) is { } service && AwsFailure.Read(service) is { } failure => failure.Said,
        _ => error.GetBaseException().GetType().Name,
    };

    // What a process printed is in the SDK's exception.
    private static Exception? WithoutSecrets(Exception error, AWSCredentials source) =>
        source is ProcessAWSCredentials or GenericContainerCredentials ? null : error;
}
