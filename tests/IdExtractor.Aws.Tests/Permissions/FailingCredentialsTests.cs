using System.Net;
using Amazon.Runtime;
using IdExtractor.Aws.Connection;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.Tests.Permissions;

/// <summary>
/// Sources of credentials that are configured and fail: one error, in time, that names the source
/// and repeats nothing that it said.
/// </summary>
public sealed class FailingCredentialsTests
{
    private const string Role = "arn:aws:iam::123456789012:role/ids";

    [Fact]
    public async Task GetCredentials_NoTokenFile_NamesItAtOnce()
    {
        var path = Path.Combine(Path.GetTempPath(), "none", "token");
        var error = await FailAsync(new AssumeRoleWithWebIdentityCredentials(path, Role, "session"));

        Assert.IsType<ConfigurationException>(error);
        Assert.Contains(path, error.ToLine(), StringComparison.Ordinal);
        Assert.Contains("AWS_WEB_IDENTITY_TOKEN_FILE", error.ToLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "AccessDenied", false, ExitCode.Configuration)]
    [InlineData(400, "ExpiredTokenException", false, ExitCode.Configuration)]
    [InlineData(400, "Throttling", false, ExitCode.Transient)]
    [InlineData(500, "InternalFailure", false, ExitCode.Transient)]
    [InlineData(403, "AccessDenied", true, ExitCode.Configuration)]
    public async Task GetCredentials_ServiceRefuses_IsTemporaryOnlyWhereItCanPass(int status, string code, bool hasGiven, ExitCode expected)
    {
        var refusal = new AmazonServiceException("secret text", null, ErrorType.Sender, code, "id", (HttpStatusCode)status);
        var source = new FailingCredentials(new AmazonClientException("outer", refusal), hasGiven);
        var named = new NamedCredentials(source, TimeSpan.FromSeconds(30), TimeProvider.System);
        if (hasGiven)
            await named.GetCredentialsAsync();

        var error = await Assert.ThrowsAnyAsync<IdExtractorException>(named.GetCredentialsAsync);

        Assert.Equal(expected, error.ExitCode);
        Assert.Contains($"{code} ({status})", error.ToLine(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret text", error.ToLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, ExitCode.Configuration)]
    [InlineData(true, ExitCode.Transient)]
    public async Task GetCredentials_ConnectionFails_IsTemporaryOnceItHasWorked(bool hasGiven, ExitCode expected)
    {
        var named = new NamedCredentials(new FailingCredentials(new HttpRequestException("no"), hasGiven), TimeSpan.FromSeconds(30),
            TimeProvider.System);
        if (hasGiven)
            await named.GetCredentialsAsync();
        Assert.Equal(expected, (await Assert.ThrowsAnyAsync<IdExtractorException>(named.GetCredentialsAsync)).ExitCode);
    }

    [Fact]
    public async Task GetCredentials_SourceHangs_EndsAtItsLimit()
    {
        var error = await FailAsync(new HangingCredentials(), TimeSpan.FromMilliseconds(100));
        Assert.IsType<ConfigurationException>(error);
        Assert.Contains("no answer within", error.ToLine(), StringComparison.Ordinal);
    }

    private static Task<IdExtractorException> FailAsync(AWSCredentials source, TimeSpan? limit = null) =>
        Assert.ThrowsAnyAsync<IdExtractorException>(new NamedCredentials(source, limit ?? TimeSpan.FromSeconds(30),
            TimeProvider.System).GetCredentialsAsync);

    private sealed class FailingCredentials(Exception error, bool givesOnce) : AWSCredentials
    {
        private bool _gives = givesOnce;

        public override ImmutableCredentials GetCredentials()
        {
            if (!_gives)
                throw error;
            _gives = false;
            return new ImmutableCredentials("key", "secret", null);
        }

        public override Task<ImmutableCredentials> GetCredentialsAsync() => Task.FromResult(GetCredentials());
    }

    private sealed class HangingCredentials : AWSCredentials
    {
        public override ImmutableCredentials GetCredentials()
        {
            Thread.Sleep(TimeSpan.FromSeconds(5));
            throw new InvalidOperationException("Nobody waits for this.");
        }

        public override Task<ImmutableCredentials> GetCredentialsAsync() => Task.FromResult(GetCredentials());
    }
}
