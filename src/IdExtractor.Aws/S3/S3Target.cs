using Amazon.S3.Model;
using IdExtractor.Aws.Requests;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.S3;

/// <summary>
/// What is being written: the key with its content type and metadata, and whether what is there now
/// is it.
/// </summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The whole key.</param>
/// <param name="ContentType">MIME type.</param>
/// <param name="Metadata">As the caller gave them.</param>
internal sealed record S3Target(S3Bucket Bucket, string Key, string ContentType, IReadOnlyDictionary<string, string> Metadata)
{
    private const int PreconditionFailed = 412;

    /// <summary>As an operator would write it.</summary>
    public string Name => Bucket.Describe(Key);

    /// <summary>Puts the metadata into a request.</summary>
    public void AddMetadata(MetadataCollection collection)
    {
        foreach (var (name, value) in Metadata)
            collection.Add(name, MetadataText.Encode(value));
    }

    /// <summary>The object as a reply says that it was stored.</summary>
    /// <exception cref="FalseReplyException">It has no usable ETag, so that it may not be a reply
    /// of the store at all.</exception>
    public ObjectInfo Stored(long size, string? etag) => S3Version.StrongETag(etag) is { } strong
        ? new ObjectInfo(Key, size, new ObjectStamp(strong), TimeProvider.System.GetUtcNow()) { Metadata = Metadata }
        : throw new FalseReplyException(etag is { Length: > 0 } ? "a reply with a weak or empty ETag" : "a reply without ETag");

    /// <summary>
    /// The object that is there, when it has the size and exactly the metadata that were sent and
    /// is not the version that was there before: a caller whose reply was lost takes this as its
    /// answer.
    /// </summary>
    /// <param name="size">Bytes that were sent.</param>
    /// <param name="before">The version that was there; null when none was, or when it is not
    /// known.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    public async Task<ObjectInfo?> FindWrittenAsync(long size, ObjectStamp? before, CancellationToken cancellationToken)
    {
        // Without metadata of its own it is indistinguishable from another object of the same size.
        var found = Metadata.Count == 0 ? null : await S3Head.FindAsync(Bucket, Key, cancellationToken).ConfigureAwait(false);
        return found is not null
            && found.Size == size
            && found.Stamp != before
            && found.Metadata.Count == Metadata.Count
            && Metadata.All(pair => found.Metadata.TryGetValue(pair.Key, out var value) && value == pair.Value)
            ? found
            : null;
    }

    /// <summary>The key is taken, where it had to be free; null for other failures.</summary>
    public ObjectExistsException? Taken(AwsFailure failure) =>
        failure.Status == PreconditionFailed ? Taken() : null;

    /// <summary>The key is taken, or must be treated as taken.</summary>
    public ObjectExistsException Taken() => new("The object is there already", ErrorPlace.Of(Name));

    /// <summary>Looks whether the key is free.</summary>
    /// <exception cref="ObjectExistsException">It is not.</exception>
    public async Task RequireFreeAsync(CancellationToken cancellationToken)
    {
        if (await S3Head.FindAsync(Bucket, Key, cancellationToken).ConfigureAwait(false) is not null)
            throw Taken();
    }
}
