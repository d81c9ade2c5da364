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
    /// <summary>
    /// How long the last answer serves callers that cannot wait. Sources renew credentials minutes
    /// before these expire.
    /// </summary>
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(30);

    private volatile Answer? _last;

    /// <summary>The source.</summary>
    public AWSCredentials Inner => inner;

    /// <summary>
    /// The SDK awaits the credentials of a request and then asks again, in its signer, in this way.
    /// To wait here would block a thread of the pool until another thread of the pool has the
    /// answer: where all of them sign at the same time, reading stands still until the pool grows,
    /// which takes seconds.
    /// </summary>
    public override ImmutableCredentials GetCredentials() =>
        _last is { } last && clock.GetElapsedTime(last.At) < s_fresh ? last.Credentials : GetCredentialsAsync().GetAwaiter().GetResult();

    /// <inheritdoc/>
    public override async Task<ImmutableCredentials> GetCredentialsAsync()
    {
        try
        {
            RequireTokenFile();

            // On a thread of its own, as some sources wait without giving their thread back.
            var given = await Task.Run(inner.GetCredentialsAsync).WaitAsync(limit, clock).ConfigureAwait(false);
            _last = new Answer(given, clock.GetTimestamp());
            return given;
        }
        catch (Exception error) when (error is not IdExtractorException)
        {
            throw CredentialErrors.Translate(error, inner, limit, _last is not null);
        }
    }

    // Without this check the SDK waits on every request for a missing file to appear, or the error
    // does not name the file.
    private void RequireTokenFile()
    {
        var file = inner switch
        {
            _ when _last is not null => null,
            AssumeRoleWithWebIdentityCredentials web => web.WebIdentityTokenFile,
            GenericContainerCredentials => CredentialSource.ContainerTokenFile,
            _ => null,
        };
        if (file is not null && !File.Exists(file))
            throw new FileNotFoundException("The token file is missing.");
    }

    private sealed record Answer(ImmutableCredentials Credentials, long At);
}
