using System.Globalization;
using Amazon.Runtime;
using Amazon.S3.Model;
using IdExtractor.Aws.Requests;
using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.S3;

/// <summary>
/// Multipart uploads that killed runs left behind. Uploads are ours under a key that only this
/// program writes. They are dead when the service began them longer ago than any run keeps one open
/// (<see cref="S3Tuning.LongestUpload"/>, which <see cref="Multipart"/> enforces). All others are
/// reported and kept. A failed cleanup does not fail the run: where it is denied or not supported,
/// a warning says so.
/// </summary>
/// <param name="bucket">The bucket.</param>
/// <param name="root">The prefix of the store's keys.</param>
internal sealed class S3Remains(S3Bucket bucket, string root)
{
    private volatile bool _isRefused;

    /// <summary>Looks for them directly under a prefix, and aborts the dead ones.</summary>
    /// <param name="prefix">Below the root.</param>
    /// <param name="isOurs">Whether a key below the root is one that this program writes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Remains> RemoveAsync(string prefix, Predicate<string> isOurs, CancellationToken cancellationToken)
    {
        if (_isRefused)
            return default;
        var found = new List<MultipartUpload>();
        try
        {
            await foreach (var upload in S3UploadListing.ListAsync(bucket, root + prefix, cancellationToken).ConfigureAwait(false))
            {
                if (isOurs(upload.Key[root.Length..]))
                    found.Add(upload);
            }
        }
        catch (IdExtractorException error) when (
            error is not ConfigurationException { InnerException: not (AmazonServiceException or FalseReplyException) })
        {
            // What keeps every request from being sent, such as credentials that are not there,
            // ends the run and needs no warning before. A false reply to this one harms nothing
            // else.
            _isRefused = error is ConfigurationException;
            bucket.Observer.Warn($"Unfinished uploads of earlier runs were not looked for; {error.ToLine()}");
        }

        var remains = default(Remains);
        foreach (var upload in found)
            remains += await RemoveAsync(upload, cancellationToken).ConfigureAwait(false);
        return remains;
    }

    private async Task<Remains> RemoveAsync(MultipartUpload upload, CancellationToken cancellationToken)
    {
        // An upload or a reply without a date has no age.
        var age = upload.Initiated is { } begun && bucket.ServerTime is { } now ? now - S3Head.TimeOf(begun) : TimeSpan.Zero;
        if (age <= bucket.Tuning.AbandonedAfter)
            return Tell("s3.upload_left", upload, new Remains(0, 1));
        try
        {
            // Another run that tidies up may have been faster.
            return await Multipart.AbortAsync(bucket, upload.Key, upload.UploadId, cancellationToken).ConfigureAwait(false)
                ? Tell("s3.upload_aborted", upload, new Remains(1, 0))
                : default;
        }
        catch (IdExtractorException error)
        {
            bucket.Observer.Warn($"An unfinished upload of an earlier run was not aborted; {error.ToLine()}");
            return Tell("s3.upload_left", upload, new Remains(0, 1));
        }
    }

    private Remains Tell(string what, MultipartUpload upload, Remains remains)
    {
        var begun = upload.Initiated is { } time
            ? S3Head.TimeOf(time).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : "unknown";
        bucket.Observer.Note(what, new RunField("object", bucket.Describe(upload.Key)), new RunField("begun_at", begun));
        return remains;
    }
}
