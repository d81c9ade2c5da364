namespace IdExtractor.Aws.Requests;

/// <summary>A request as messages name it.</summary>
/// <param name="Operation">The API call, as <c>GetObject</c>.</param>
/// <param name="Permission">The IAM action that it needs, as <c>s3:GetObject</c>.</param>
/// <param name="Resource">What it is about, as <c>s3://bucket/key</c>.</param>
public sealed record RequestName(string Operation, string Permission, string Resource);
