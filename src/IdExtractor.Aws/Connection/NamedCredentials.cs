using Amazon.Runtime;
using IdExtractor.Aws.Errors;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.Connection;

/// <summary>
/// Credentials of a source that may fail: a role, a process, a container's agent. The SDK raises
/// many kinds of exceptions for that, in the middle of a request that has nothing to do with it,
/// and some only
/// after a minute. Here it is one error, within seconds, that names the source.
/// </summary>
/// <param name="inner">The source.</param>
/// <param name="limit">The longest wait for it.</param>
/// <param name="clock">Measures the wait.</param>
internal sealed class NamedCredentials(AWSCredentials inner, TimeSpan limit, TimeProvider clock) : AWSCredentials
{
    private volatile bool _hasGiven;

    /// <summary>The source.</summary>
    public AWSCredentials Inner => inner;

    /// <inheritdoc/>
    public override ImmutableCredentials GetCredentials() => GetCredentialsAsync().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override async Task<ImmutableCredentials> GetCredentialsAsync()
    {
        try
        {
            RequireTokenFile();

            // On a thread of its own, as some sources wait without giving their thread back.
            var given = await Task.Run(inner.GetCredentialsAsync).WaitAsync(limit, clock).ConfigureAwait(false);
            _hasGiven = true;
            return given;
        }
        catch (Exception error) when (error is not IdExtractorException)
        {
            throw CredentialErrors.Translate(error, inner, limit, _hasGiven);
        }
    }

    // Without this check the SDK waits on every request for a missing file to appear.
    private void RequireTokenFile()
    {
        if (!_hasGiven && inner is AssumeRoleWithWebIdentityCredentials web && !File.Exists(web.WebIdentityTokenFile))
            throw new FileNotFoundException("The token file is missing.");
    }
}
