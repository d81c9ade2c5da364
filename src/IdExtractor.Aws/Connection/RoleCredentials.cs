using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace IdExtractor.Aws.Connection;

/// <summary>
/// Credentials of an assumed role, renewed before they expire. The SDK's own class asks the public
/// endpoint only; this one asks the client that it is given.
/// </summary>
internal sealed class RoleCredentials : RefreshingAWSCredentials
{
    private const string SessionName = "idextractor";

    private readonly AmazonSecurityTokenServiceClient _service;
    private readonly string _role;

    public RoleCredentials(AmazonSecurityTokenServiceClient service, string role)
    {
        (_service, _role) = (service, role);
        PreemptExpiryTime = TimeSpan.FromMinutes(5);
    }

    /// <summary>Its ARN.</summary>
    public string Role => _role;

    /// <inheritdoc/>
    protected override CredentialsRefreshState GenerateNewCredentials() => GenerateNewCredentialsAsync().GetAwaiter().GetResult();

    /// <inheritdoc/>
    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        var reply = await _service.AssumeRoleAsync(
            new AssumeRoleRequest { RoleArn = _role, RoleSessionName = SessionName }).ConfigureAwait(false);
        var given = reply.Credentials;
        return new CredentialsRefreshState(
            new ImmutableCredentials(given.AccessKeyId, given.SecretAccessKey, given.SessionToken),
            given.Expiration ?? DateTime.UtcNow.AddHours(1));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _service.Dispose();
        base.Dispose(disposing);
    }
}
