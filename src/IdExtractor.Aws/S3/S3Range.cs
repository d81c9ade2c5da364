using System.Globalization;
using IdExtractor.Aws.Requests;

namespace IdExtractor.Aws.S3;

/// <summary>Checks that a reply to a ranged read holds the bytes that were asked for.</summary>
/// <param name="First">First byte.</param>
/// <param name="Last">Last byte, included.</param>
/// <param name="Total">Bytes of the object.</param>
internal readonly record struct S3Range(long First, long Last, long Total)
{
    private const string Unit = "bytes ";

    /// <summary>Bytes of the range.</summary>
    public long Length => Last - First + 1;

    /// <summary>
    /// Reads a <c>Content-Range</c>, as <c>bytes 0-99/1000</c>; null when it has another form. A
    /// total of <c>*</c> becomes -1.
    /// </summary>
    public static S3Range? Parse(string? header)
    {
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
            return null;
        var text = header.AsSpan(Unit.Length).Trim();
        var (dash, slash) = (text.IndexOf('-'), text.IndexOf('/'));
        if (dash < 1 || slash < dash || !TryRead(text[..dash], out var first) || !TryRead(text[(dash + 1)..slash], out var last)
            || last < first)
            return null;
        var total = text[(slash + 1)..].Trim();
        return total is "*" ? new S3Range(first, last, -1) : TryRead(total, out var length) && length > last
            ? new S3Range(first, last, length) : null;
    }

    /// <summary>
    /// Requires that a partial reply holds exactly this range of an object of this size.
    /// </summary>
    /// <param name="header">The reply's <c>Content-Range</c>.</param>
    /// <param name="bodyLength">Its <c>Content-Length</c>; less than 1 when it has none.</param>
    /// <exception cref="FalseReplyException">It holds something else, or does not say
    /// what.</exception>
    public void Require(string? header, long bodyLength)
    {
        if (Parse(header) is not { } sent)
            throw new FalseReplyException(header is null ? "a part of an object without Content-Range" : "a malformed Content-Range");
        if (sent.First != First || sent.Last != Last)
            throw new FalseReplyException($"bytes {sent.First}-{sent.Last} in place of {First}-{Last}");
        if (sent.Total >= 0 && sent.Total != Total)
            throw new FalseReplyException($"a range of {sent.Total} bytes in place of {Total}");
        RequireLength(bodyLength);
    }

    /// <summary>
    /// Requires that a body has the length of the range, where the reply gives its length.
    /// </summary>
    /// <exception cref="FalseReplyException">It has another one.</exception>
    public void RequireLength(long bodyLength)
    {
        if (bodyLength > 0 && bodyLength != Length)
            throw new FalseReplyException($"{bodyLength} bytes in place of {Length}");
    }

    private static bool TryRead(ReadOnlySpan<char> digits, out long value) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
