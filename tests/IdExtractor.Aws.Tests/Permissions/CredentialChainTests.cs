using System.Net;
using System.Security.Cryptography;
using System.Text;
using IdExtractor.Aws.Tests.Emulator;
using IdExtractor.Aws.Tests.Jobs;
using IdExtractor.Testing.Programs;

namespace IdExtractor.Aws.Tests.Permissions;

/// <summary>
/// Every source of the SDK's own chain (specification, section 9), as a process finds it. The SDK
/// finds parts of it by name at run time, and native compilation can drop those.
/// </summary>
public sealed class CredentialChainTests(EmulatorFixture emulator) : IClassFixture<EmulatorFixture>, IDisposable
{
    private const string Role = "arn:aws:iam::123456789012:role/reader";
    private const string StartUrl = "https://sign-in.example/start";

    private readonly string _home = Directory.CreateTempSubdirectory("idextractor-home-").FullName;

    private Dictionary<string, string> Emulated =>
        new() { ["AWS_REGION"] = EmulatorFixture.Region, ["AWS_ENDPOINT_URL_STS"] = emulator.Address.ToString(), ["HOME"] = _home };

    [EmulatorFact]
    public Task Environment_Keys_AreFound() => AssertReadsAsync(WithKeys());

    [EmulatorFact]
    public async Task Option_RoleToAssume_IsAssumed()
    {
        var keys = WithKeys();
        await AssertReadsAsync(keys, "--assume-role", Role);
        Assert.Contains(await emulator.RequestsAsync(keys["AWS_ACCESS_KEY_ID"]), request => request.Operation == "AssumeRole");
    }

    [EmulatorFact]
    public Task Profile_Keys_AreFound() =>
        AssertReadsAsync(WithProfile("night", "[night]\naws_access_key_id=of-profile\naws_secret_access_key=secret\n", ""));

    [EmulatorFact]
    public Task Profile_RoleOfAnother_IsAssumed() => AssertReadsAsync(WithProfile(
        "chained", "[night]\naws_access_key_id=of-profile\naws_secret_access_key=secret\n",
        $"[profile chained]\nrole_arn={Role}\nsource_profile=night\n"));

    [EmulatorFact]
    public Task WebIdentity_TokenFile_GivesARole()
    {
        var token = Path.Combine(_home, "token");
        File.WriteAllText(token, "a token");
        return AssertReadsAsync(
            new(Emulated) { ["AWS_WEB_IDENTITY_TOKEN_FILE"] = token, ["AWS_ROLE_ARN"] = Role, ["AWS_ROLE_SESSION_NAME"] = "session" });
    }

    [EmulatorFact]
    public async Task Container_Endpoint_GivesKeys()
    {
        using var endpoint = new OneAnswer(
            """{"AccessKeyId":"of-container","SecretAccessKey":"secret","Token":"token","Expiration":"2100-01-01T00:00:00Z"}""");
        await AssertReadsAsync(new(Emulated) { ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = endpoint.Address + "task" });
        Assert.Contains("/task", endpoint.Asked);
    }

    [EmulatorFact]
    public async Task SingleSignOn_SignedInBefore_GivesARole()
    {
        using var portal = new OneAnswer(
            """{"roleCredentials":{"accessKeyId":"of-portal","secretAccessKey":"secret","sessionToken":"token","expiration":4102444800000}}""");
        var cache = Directory.CreateDirectory(Path.Combine(_home, ".aws", "sso", "cache")).FullName;
#pragma warning disable CA5350 // The SDK names its cache so.
        var name = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(StartUrl)));
#pragma warning restore CA5350
        File.WriteAllText(
            Path.Combine(cache, name + ".json"),
            $$"""{"startUrl":"{{StartUrl}}","region":"us-east-1","accessToken":"signed-in","expiresAt":"2100-01-01T00:00:00Z"}""");
        var environment = WithProfile(
            "sso", "",
            $"[profile sso]\nsso_start_url={StartUrl}\nsso_region=us-east-1\nsso_account_id=123456789012\nsso_role_name=reader\n");
        environment["AWS_ENDPOINT_URL_SSO"] = portal.Address;
        await AssertReadsAsync(environment);
        Assert.Contains("/federation/credentials", portal.Asked);
    }

    [EmulatorFact]
    public async Task Chain_NothingInIt_SaysSoOnce()
    {
        var end = await BuiltProgram.RunAsync(Emulated, [.. Words("plan"), "--table-b", "s3://none/b/"]);
        Assert.Equal(3, end.ExitCode);
        Assert.StartsWith("error: ", Assert.Single(end.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        end = await BuiltProgram.RunAsync(
            Emulated, [.. Words("extract"), "--table-b", Path.Combine(RepositoryRoot.Path, "samples", "b"), "--output", "s3://none/ids/"]);
        Assert.Equal(3, end.ExitCode);
        Assert.StartsWith("error: ", Assert.Single(end.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    private Dictionary<string, string> WithKeys() =>
        new(Emulated) { ["AWS_ACCESS_KEY_ID"] = EmulatorFixture.NewName("key"), ["AWS_SECRET_ACCESS_KEY"] = "secret" };

    private Dictionary<string, string> WithProfile(string name, string credentials, string config)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_home, ".aws")).FullName;
        var (credentialsFile, configFile) = (Path.Combine(folder, "credentials"), Path.Combine(folder, "config"));
        File.WriteAllText(credentialsFile, credentials);
        File.WriteAllText(configFile, config);
        return new(Emulated)
        {
            ["AWS_PROFILE"] = name,
            ["AWS_SHARED_CREDENTIALS_FILE"] = credentialsFile,
            ["AWS_CONFIG_FILE"] = configFile
        };
    }

    private string[] Words(string command) =>
        [
            command, "--table-a", Path.Combine(RepositoryRoot.Path, "samples", "a"), "--endpoint-url", emulator.Address.ToString(),
            "--path-style"];

    private async Task AssertReadsAsync(Dictionary<string, string> environment, params string[] more)
    {
        var bucket = EmulatorFixture.NewName("chain");
        using var s3 = emulator.CreateS3();
        await s3.PutBucketAsync(bucket);
        await TableUpload.CopyAsync(s3, Path.Combine(RepositoryRoot.Path, "samples", "b"), bucket, "b/");
        var end = await BuiltProgram.RunAsync(environment, [.. Words("plan"), "--table-b", $"s3://{bucket}/b/", .. more]);
        Assert.True(end.ExitCode == 0, end.Said);
        Assert.Contains("20251022", end.Output, StringComparison.Ordinal);
    }

    /// <summary>A server that answers everything alike.</summary>
    private sealed class OneAnswer : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Task _serving;
        private readonly List<string> _asked = [];

        public OneAnswer(string json)
        {
            // Another process may take a free port before it is used.
            for (var attempt = 0; ; attempt++)
            {
                Address = $"http://127.0.0.1:{Random.Shared.Next(20_000, 32_000)}/";
                _listener.Prefixes.Clear();
                _listener.Prefixes.Add(Address);
                try
                {
                    _listener.Start();
                    break;
                }
                catch (HttpListenerException) when (attempt < 20)
                {
                }
            }

            _serving = ServeAsync(Encoding.UTF8.GetBytes(json));
        }

        public string Address { get; private set; }

        public IReadOnlyList<string> Asked
        {
            get
            {
                lock (_asked)
                    return [.. _asked];
            }
        }

        public void Dispose()
        {
            _listener.Close();
            _serving.Wait();
        }

        private async Task ServeAsync(byte[] answer)
        {
            while (true)
            {
                try
                {
                    var context = await _listener.GetContextAsync();
                    lock (_asked)
                        _asked.Add(context.Request.Url!.AbsolutePath);
                    context.Response.ContentType = "application/json";
                    await context.Response.OutputStream.WriteAsync(answer);
                    context.Response.Close();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
            }
        }
    }
}
