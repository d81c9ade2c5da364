using System.Text.Json;
using System.Text.RegularExpressions;
using IdExtractor.Aws.Tests.Emulator;
using IdExtractor.Testing.Programs;

namespace IdExtractor.Aws.Tests.Permissions;

/// <summary>The policy of the README, and what of it has been used.</summary>
internal sealed partial class AccessPolicy
{
    private readonly List<Grant> _grants = [];

    private AccessPolicy()
    {
    }

    /// <summary>Grants that no call has needed so far.</summary>
    public IEnumerable<string> Unused => _grants.Where(grant => !grant.IsUsed).Select(grant => $"{grant.Action} on {grant.Resource}");

    /// <summary>Reads it from the README.</summary>
    /// <param name="names">Names of the README and those that stand for them here.</param>
    public static AccessPolicy OfReadme(params (string InReadme, string Here)[] names)
    {
        var text = PolicyBlock().Match(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "README.md"))).Groups[1].Value;
        foreach (var (written, here) in names)
            text = text.Replace(written, here, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(text);
        var policy = new AccessPolicy();
        foreach (var statement in document.RootElement.GetProperty("Statement").EnumerateArray())
        {
            Assert.Equal("Allow", statement.GetProperty("Effect").GetString());
            foreach (var action in Texts(statement.GetProperty("Action")))
                policy._grants.AddRange(Texts(statement.GetProperty("Resource")).Select(resource => new Grant(action, resource)));
        }

        return policy;
    }

    /// <summary>Notes that a call was made.</summary>
    /// <returns>What of it no grant allows.</returns>
    public IReadOnlyList<string> Use(LoggedRequest request)
    {
        var missing = new List<string>();
        foreach (var (action, resource) in Needs(request))
        {
            var grants = _grants.Where(grant => grant.Allows(action, resource)).ToArray();
            if (grants.Length == 0)
                missing.Add($"{request.Operation} ({request.Status}) needs {action} on {resource}");
            foreach (var grant in grants)
                grant.IsUsed = true;
        }

        return missing;
    }

    /// <summary>
    /// Actions and resources of a call, as the service authorization reference has them.
    /// </summary>
    private static IEnumerable<(string Action, string Resource)> Needs(LoggedRequest request)
    {
        const string Catalog = "arn:aws:glue:sa-east-1:123456789012:";
        var bucket = "arn:aws:s3:::" + request.Resource.Split('/')[0];
        var item = "arn:aws:s3:::" + request.Resource;
        switch (request.Operation)
        {
            case "GetTable" or "GetPartition" or "GetPartitions":
                string[] resources = ["catalog", "database/" + request.Resource.Split('/')[0], "table/" + request.Resource];
                return resources.Select(resource => ("glue:" + request.Operation, Catalog + resource));
            case "ListObjectsV2":
                return [("s3:ListBucket", bucket)];
            case "ListMultipartUploads":
                return [("s3:ListBucketMultipartUploads", bucket)];
            case "GetObject" or "HeadObject":
                // Without the right to list, what is not there is denied and not missing.
                return request.Status == 404 ? [("s3:GetObject", item), ("s3:ListBucket", bucket)] : [("s3:GetObject", item)];
            case "PutObject" or "CreateMultipartUpload" or "UploadPart" or "CompleteMultipartUpload":
                return [("s3:PutObject", item)];
            case "CopyObject" or "UploadPartCopy":
                return [("s3:PutObject", item), ("s3:GetObject", "arn:aws:s3:::" + request.Source)];
            case "AbortMultipartUpload":
                return [("s3:AbortMultipartUpload", item)];
            default:
                return [($"{request.Service}:{request.Operation}", item)];
        }
    }

    private static IEnumerable<string> Texts(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().Select(item => item.GetString()!) : [element.GetString()!];

    [GeneratedRegex("```json\n(\\{\\s*\"Version\":\\s*\"2012-10-17\".*?)\n```", RegexOptions.Singleline)]
    private static partial Regex PolicyBlock();

    private sealed class Grant(string action, string resource)
    {
        private readonly Regex _resource = new(
            "^" + Regex.Escape(resource).Replace("\\*", ".*", StringComparison.Ordinal) + "$", RegexOptions.CultureInvariant);

        public string Action => action;

        public string Resource => resource;

        public bool IsUsed { get; set; }

        public bool Allows(string asked, string on) => asked == action && _resource.IsMatch(on);
    }
}
