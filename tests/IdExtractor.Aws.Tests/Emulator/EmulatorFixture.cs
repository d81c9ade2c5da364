using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.S3;

namespace IdExtractor.Aws.Tests.Emulator;

/// <summary>
/// The emulator for a class of tests (<c>IClassFixture&lt;EmulatorFixture&gt;</c>). One process
/// serves all classes, and ends with the test run; tests stay apart by the names of their buckets
/// and databases and by the access key that signs.
/// </summary>
public sealed class EmulatorFixture : IAsyncLifetime
{
    /// <summary>The region of everything in the emulator.</summary>
    public const string Region = "us-east-1";

    private static readonly Lazy<Task<EmulatorProcess>> s_process = new(StartAsync);
    private static readonly HttpClient s_http = new();
    private static int s_names;

    private Uri? _address;

    /// <summary>Where it listens.</summary>
    public Uri Address =>
        _address
        ?? throw new InvalidOperationException("The emulator has not been started: the test wants EmulatorFact or EmulatorTheory.");

    /// <summary>
    /// A name that no other test has, fit for a bucket, a database and an access key.
    /// </summary>
    public static string NewName(string kind) => $"{kind}-{Environment.ProcessId}-{Interlocked.Increment(ref s_names)}";

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (Python.SkipReason is null)
            _address = (await s_process.Value).Address;
    }

    /// <inheritdoc/>
    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>The SDK's own S3 client on it, for tests that set the scene.</summary>
    public AmazonS3Client CreateS3(string accessKey = "scene") => new(
        new BasicAWSCredentials(accessKey, "secret"),
        new AmazonS3Config { ServiceURL = Address.ToString(), ForcePathStyle = true, AuthenticationRegion = Region });

    /// <summary>Sends one Glue request as plain JSON.</summary>
    /// <param name="operation">As <c>CreateTable</c>.</param>
    /// <param name="request">The request's members.</param>
    /// <returns>Status and answer.</returns>
    public async Task<(int Status, JsonElement Answer)> GlueAsync(string operation, object request)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, Address)
        {
            Content = new StringContent(JsonSerializer.Serialize(request), Encoding.UTF8, "application/x-amz-json-1.1"),
        };
        message.Headers.Add("X-Amz-Target", $"AWSGlue.{operation}");
        message.Headers.TryAddWithoutValidation(
            "Authorization", $"AWS4-HMAC-SHA256 Credential=scene/20260101/{Region}/glue/aws4_request, SignedHeaders=host, Signature=none");
        using var response = await s_http.SendAsync(message);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
    }

    /// <summary>The requests so far, in order.</summary>
    /// <param name="accessKey">Only what this key signed.</param>
    public async Task<IReadOnlyList<LoggedRequest>> RequestsAsync(string accessKey) =>
        await s_http.GetFromJsonAsync<List<LoggedRequest>>(
            new Uri(Address, $"/emulator/requests?key={accessKey}"), JsonSerializerOptions.Web)
            ?? [];

    private static async Task<EmulatorProcess> StartAsync()
    {
        var process = await EmulatorProcess.StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => process.Dispose();
        return process;
    }
}

/// <summary>A request as the emulator saw it.</summary>
/// <param name="Service">As <c>s3</c>.</param>
/// <param name="Operation">The API operation, as <c>GetObject</c>.</param>
/// <param name="Resource"><c>bucket</c>, <c>bucket/key</c>, or database, table and the like with
/// slashes between.</param>
/// <param name="Status">The HTTP status of the answer.</param>
/// <param name="Prefix">Of a listing.</param>
/// <param name="Source">Bucket and key that a copy reads.</param>
/// <param name="Range">The range header of a read.</param>
/// <param name="Body">The members of a Glue request.</param>
public sealed record LoggedRequest(
    string Service, string Operation, string Resource, int Status, string? Prefix, string? Source, string? Range, JsonElement Body);
