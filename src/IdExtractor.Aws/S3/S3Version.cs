using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Aws.S3;

/// <summary>
/// What distinguishes the versions of an object: its strong ETag, or else its date and size. A weak
/// ETag (<c>W/"..."</c>) only promises that two versions are equivalent, and an empty one promises
/// nothing. A store that returns neither ETag nor date is not read, because two versions could be
/// mixed without a trace.
/// </summary>
internal static class S3Version
{
    // No ETag contains a space, so a stamp of this form is never taken for one.
    private const string DateStamp = "date ";

    /// <summary>The stamp of a version.</summary>
    /// <param name="name">The object, for messages.</param>
    /// <param name="etag">As a header or a listing gives it, with or without quotes.</param>
    /// <param name="modified">UTC; <see cref="DateTimeOffset.UnixEpoch"/> when the store gives no
    /// date.</param>
    /// <param name="size">Bytes.</param>
    /// <exception cref="ConfigurationException">There is neither a usable ETag nor a
    /// date.</exception>
    public static ObjectStamp StampOf(string name, string? etag, DateTimeOffset modified, long size)
    {
        if (StrongETag(etag) is { } strong)
            return new ObjectStamp(strong);

        // Headers give whole seconds, some listings give fractions of them.
        return modified == DateTimeOffset.UnixEpoch
            ? throw Unpinnable(name, "neither", "return a strong ETag, or at least Last-Modified, for every object")
            : new ObjectStamp($"{DateStamp}{modified.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss}Z, {size} bytes");
    }

    /// <summary>
    /// An ETag without its quotes; null when there is none, or a weak or empty one.
    /// </summary>
    public static string? StrongETag(string? etag) =>
        etag?.Trim() is { Length: > 0 } text && !text.StartsWith("W/", StringComparison.OrdinalIgnoreCase)
            && text.Trim('"') is { Length: > 0 } strong ? strong : null;

    /// <summary>The stamp is an ETag, so that requests can carry it as a condition.</summary>
    public static bool IsETag(ObjectStamp stamp) => !stamp.Value.StartsWith(DateStamp, StringComparison.Ordinal);

    /// <summary>A stamp in the form of a condition.</summary>
    public static string Condition(ObjectStamp stamp) => $"\"{stamp.Value}\"";

    /// <summary>
    /// Whether two looks at an object saw the same version. Where only one of them has an ETag (a
    /// proxy that removes it from replies but not from listings), date and size decide.
    /// </summary>
    /// <exception cref="ConfigurationException">They have nothing in common that could be
    /// compared.</exception>
    public static bool IsSame(string name, ObjectInfo pinned, ObjectInfo found)
    {
        if (IsETag(pinned.Stamp) == IsETag(found.Stamp))
            return pinned.Stamp == found.Stamp;
        if (pinned.LastModified == DateTimeOffset.UnixEpoch || found.LastModified == DateTimeOffset.UnixEpoch)
            throw Unpinnable(name, "one of them in one reply, the other in another",
                "return the same strong ETag in listings and in replies");
        return pinned.Size == found.Size && pinned.LastModified.ToUnixTimeSeconds() == found.LastModified.ToUnixTimeSeconds();
    }

    /// <summary>
    /// Requires that a stamp is an ETag: a copy without conditions could make a file active that is
    /// not the one that was verified.
    /// </summary>
    /// <exception cref="ConfigurationException">The store returns none that could be
    /// used.</exception>
    public static void RequireETag(string name, ObjectStamp stamp)
    {
        if (!IsETag(stamp))
            throw NoStrongETag(name, stamp.Value);
    }

    /// <summary>An output whose store returns no ETag that could be used.</summary>
    /// <param name="name">The object.</param>
    /// <param name="found">What it returns in place of one.</param>
    public static ConfigurationException NoStrongETag(string name, string found) =>
        Unpinnable(name, found, "use an output whose store, and any proxy in front of it, return strong ETags");

    private static ConfigurationException Unpinnable(string name, string found, string advice) =>
        new("The store does not return what tells versions of an object apart",
            new ErrorPlace { Object = name, Expected = "a strong ETag, or date and size", Actual = found }, advice);
}
