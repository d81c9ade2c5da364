using System.Net;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Runtime.Internal.Endpoints.StandardLibrary;
using Amazon.Runtime.Internal.Transform;
using Amazon.Runtime.Internal.Util;
using Amazon.Util.Internal;
using IdExtractor.Core.Catalog;

namespace IdExtractor.Aws.Glue;

/// <summary>
/// The Data Catalog's API on the pipeline of AWSSDK.Core: its credentials, signing, retries and
/// HTTP. This file alone holds what AWSSDK.Glue would provide: configuration, endpoint rules, JSON.
/// Member names are those of the service's model, glue-2017-03-31.
/// </summary>
internal sealed class GlueClient : AmazonServiceClient, IGlueApi
{
    /// <summary>Most partitions of a page that the service gives.</summary>
    public const int PageSize = 1000;

    private static readonly Metadata s_metadata = new();

    /// <param name="credentials">Sign the requests.</param>
    /// <param name="config">Region or endpoint, retries, HTTP.</param>
    public GlueClient(AWSCredentials credentials, GlueClientConfig config)
        : base(credentials, config)
    {
    }

    /// <inheritdoc/>
    protected override IServiceMetadata ServiceMetadata => s_metadata;

    /// <inheritdoc/>
    public Task<GlueTable> GetTableAsync(GlueTableName table, CancellationToken cancellationToken) => CallAsync(
        "GetTable",
        request =>
        {
            WriteCatalog(request, table);
            request.WriteString("Name", table.Table);
        },
        answer => ReadTable(answer.GetProperty("Table")),
        cancellationToken);

    /// <inheritdoc/>
    public Task<GluePartitionPage> GetPartitionsAsync(
        GlueTableName table, GluePartitionsQuery query, CancellationToken cancellationToken) => CallAsync(
        "GetPartitions",
        request =>
        {
            WriteCatalog(request, table);
            request.WriteString("TableName", table.Table);
            request.WriteNumber("MaxResults", PageSize);
            request.WriteBoolean("ExcludeColumnSchema", true);
            if (query.Expression is not null)
                request.WriteString("Expression", query.Expression);
            if (query.NextToken is not null)
                request.WriteString("NextToken", query.NextToken);
            if (query.TotalSegments > 1)
            {
                request.WriteStartObject("Segment");
                request.WriteNumber("SegmentNumber", query.Segment);
                request.WriteNumber("TotalSegments", query.TotalSegments);
                request.WriteEndObject();
            }
        },
        answer => new GluePartitionPage([.. Items(answer, "Partitions").Select(ReadPartition)], Text(answer, "NextToken")),
        cancellationToken);

    /// <inheritdoc/>
    public Task<GluePartition> GetPartitionAsync(
        GlueTableName table, IReadOnlyList<string> values, CancellationToken cancellationToken) => CallAsync(
        "GetPartition",
        request =>
        {
            WriteCatalog(request, table);
            request.WriteString("TableName", table.Table);
            request.WriteStartArray("PartitionValues");
            foreach (var value in values)
                request.WriteStringValue(value);
            request.WriteEndArray();
        },
        answer => ReadPartition(answer.GetProperty("Partition")),
        cancellationToken);

    /// <inheritdoc/>
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new RegionalEndpoint());
        pipeline.AddHandlerAfter<Marshaller>(new SignedRequests());
    }

    private async Task<T> CallAsync<T>(
        string operation, Action<Utf8JsonWriter> write, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        var options = new InvokeOptions
        {
            RequestMarshaller = JsonMarshaller.Instance,
            ResponseUnmarshaller = new JsonUnmarshaller<T>(read)
        };
        var answer = await InvokeAsync<Answer<T>>(new Call(operation, body.ToArray()), options, cancellationToken).ConfigureAwait(false);
        return answer.Value;
    }

    private static void WriteCatalog(Utf8JsonWriter request, GlueTableName table)
    {
        if (table.CatalogId is not null)
            request.WriteString("CatalogId", table.CatalogId);
        request.WriteString("DatabaseName", table.Database);
    }

    private static GlueTable ReadTable(JsonElement table) => new()
    {
        Name = Text(table, "Name"),
        TableType = Text(table, "TableType"),
        Parameters = ReadParameters(table),
        PartitionKeys = [.. Items(table, "PartitionKeys").Select(key => new GlueColumn(Text(key, "Name") ?? "", Text(key, "Type") ?? ""))],
        Storage = Find(table, "StorageDescriptor") is { } storage ? ReadStorage(storage) : null,
        Target = Find(table, "TargetTable") is { } target
            ? new GlueLink(
                new GlueTableName(Text(target, "CatalogId"), Text(target, "DatabaseName") ?? "", Text(target, "Name") ?? ""),
                Text(target, "Region"))
            : null,
        FederatedBy = Find(table, "FederatedTable") is { } federated ? Text(federated, "ConnectionName") ?? "" : null,
        IsMaterializedView = Flag(table, "IsMaterializedView"),
    };

    private static GlueStorage ReadStorage(JsonElement storage) => new(
        Text(storage, "Location"),
        Text(storage, "InputFormat"),
        Find(storage, "SerdeInfo") is { } library ? Text(library, "SerializationLibrary") : null,
        Find(storage, "SerdeInfo") is { } serde && ReadParameters(serde).FirstOrDefault(IsPath) is { Value.Length: > 0 } path
            ? path.Value
            : null);

    private static bool IsPath(KeyValuePair<string, string> parameter) =>
        string.Equals(parameter.Key, "path", StringComparison.OrdinalIgnoreCase);

    private static GluePartition ReadPartition(JsonElement partition) => new(
        [.. Items(partition, "Values").Select(value => value.GetString() ?? "")],
        Find(partition, "StorageDescriptor") is { } storage ? Text(storage, "Location") : null);

    private static Dictionary<string, string> ReadParameters(JsonElement table)
    {
        var parameters = new Dictionary<string, string>();
        if (Find(table, "Parameters") is { } found)
        {
            foreach (var parameter in found.EnumerateObject())
                parameters[parameter.Name] = parameter.Value.GetString() ?? "";
        }

        return parameters;
    }

    private static JsonElement? Find(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    private static string? Text(JsonElement parent, string name) => Find(parent, name)?.GetString();

    private static bool Flag(JsonElement parent, string name) => Find(parent, name)?.GetBoolean() ?? false;

    private static JsonElement.ArrayEnumerator Items(JsonElement parent, string name) => Find(parent, name)?.EnumerateArray() ?? default;

    private sealed class Call(string operation, byte[] body) : AmazonWebServiceRequest
    {
        public string Operation { get; } = operation;

        public byte[] Body { get; } = body;
    }

    private sealed class Answer<T> : AmazonWebServiceResponse
    {
        public T Value { get; init; } = default!;
    }

    private sealed class Metadata : IServiceMetadata
    {
        public string ServiceId => "Glue";

        public IDictionary<string, string> OperationNameMapping { get; } = new Dictionary<string, string>();
    }

    private sealed class JsonMarshaller : IMarshaller<IRequest, AmazonWebServiceRequest>
    {
        public static JsonMarshaller Instance { get; } = new();

        public IRequest Marshall(AmazonWebServiceRequest input)
        {
            var call = (Call)input;
            var request = new DefaultRequest(call, "AWSGlue") { HttpMethod = "POST", ResourcePath = "/", Content = call.Body };
            request.Headers["X-Amz-Target"] = "AWSGlue." + call.Operation;
            request.Headers["Content-Type"] = "application/x-amz-json-1.1";
            return request;
        }
    }

    private sealed class JsonUnmarshaller<T>(Func<JsonElement, T> read) : JsonResponseUnmarshaller
    {
        public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext input)
        {
            using var document = JsonDocument.Parse(input.Stream);
            return new Answer<T> { Value = read(document.RootElement) };
        }

        public override AmazonServiceException UnmarshallException(
            JsonUnmarshallerContext input, Exception innerException, HttpStatusCode statusCode)
        {
            var reader = new StreamingUtf8JsonReader(input.Stream);
            var error = JsonErrorResponseUnmarshaller.GetInstance().Unmarshall(input, ref reader);
            return new AmazonServiceException(error.Message, innerException, error.Type, error.Code, error.RequestId, statusCode);
        }
    }

    /// <summary>Fills in what the endpoint rules go by.</summary>
    private sealed class RegionalEndpoint : BaseEndpointResolver
    {
        protected override EndpointParameters MapEndpointsParameters(IRequestContext requestContext)
        {
            var config = requestContext.ClientConfig;
            var parameters = new EndpointParameters();
            parameters["Endpoint"] = config.ServiceURL;
            parameters["Region"] = config.RegionEndpoint?.SystemName ?? config.AuthenticationRegion;
            parameters["UseFIPS"] = config.UseFIPSEndpoint;
            parameters["UseDualStack"] = config.UseDualstackEndpoint;
            return parameters;
        }
    }

    private sealed class SignedRequests : BaseAuthResolverHandler
    {
        protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) => AuthSchemeOption.DEFAULT_SIGV4;
    }
}

/// <summary>How the Data Catalog is reached.</summary>
internal sealed class GlueClientConfig : ClientConfig
{
    /// <summary>Standard retries; the region and everything else from the SDK's chain.</summary>
    public GlueClientConfig()
        : base(new StandardDefaults())
    {
        ServiceId = "Glue";
        AuthenticationServiceName = "glue";
        EndpointProvider = new EndpointRules();
    }

    /// <inheritdoc/>
    public override string ServiceVersion => "2017-03-31";

    /// <inheritdoc/>
    public override string RegionEndpointServiceName => "glue";

    /// <inheritdoc/>
    public override string UserAgent { get; } = InternalSDKUtils.BuildUserAgentString("Glue", "4.0");

    /// <inheritdoc/>
    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters)
    {
        var known = new EndpointParameters();
        known["Endpoint"] = ServiceURL;
        known["Region"] = RegionEndpoint?.SystemName ?? AuthenticationRegion;
        known["UseFIPS"] = UseFIPSEndpoint;
        known["UseDualStack"] = UseDualstackEndpoint;
        return EndpointProvider.ResolveEndpoint(known);
    }

    private sealed class StandardDefaults : IDefaultConfigurationProvider
    {
        public IDefaultConfiguration GetDefaultConfiguration(
            Amazon.RegionEndpoint clientRegion, DefaultConfigurationMode? requestedConfigurationMode = null) =>
            new DefaultConfiguration { Name = DefaultConfigurationMode.Standard, RetryMode = RequestRetryMode.Standard };
    }

    /// <summary>
    /// The rules of the service's endpoint rule set: an endpoint that is given wins; else region,
    /// FIPS and dual stack decide.
    /// </summary>
    internal sealed class EndpointRules : IEndpointProvider
    {
        /// <inheritdoc/>
        /// <exception cref="AmazonClientException">
        /// There is no region, or none with the requested features.
        /// </exception>
        public Endpoint ResolveEndpoint(EndpointParameters parameters)
        {
            var (fips, dualStack) = (parameters["UseFIPS"] is true, parameters["UseDualStack"] is true);
            if (parameters["Endpoint"] is string { Length: > 0 } given)
                return !fips && !dualStack
                    ? new Endpoint(given)
                    : throw new AmazonClientException("FIPS and dual stack are not for an endpoint of one's own");
            if (parameters["Region"] is not string { Length: > 0 } region)
                throw new AmazonClientException("There is no region");
            var partition = Fn.Partition(region);
            if ((fips && !partition.supportsFIPS) || (dualStack && !partition.supportsDualStack))
                throw new AmazonClientException($"FIPS or dual stack is not supported in {region}");
            return new Endpoint(
                $"https://glue{(fips ? "-fips" : "")}.{region}.{(dualStack ? partition.dualStackDnsSuffix : partition.dnsSuffix)}");
        }
    }
}
