using System.Text;

namespace IdExtractor.Aws.S3;

/// <summary>
/// User metadata as HTTP headers carry it: printable ASCII as it is, every other text as one
/// encoded word of RFC 2047 (<c>=?UTF-8?B?…?=</c>). S3 itself returns non-ASCII values in this
/// form. Decoding returns the original text.
/// </summary>
internal static class MetadataText
{
    private const string Start = "=?", End = "?=";

    /// <summary>The text for a header.</summary>
    public static string Encode(string value) =>
        IsPlain(value) ? value : $"{Start}UTF-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}{End}";

    /// <summary>The text of a header; unchanged when it is not an encoded word.</summary>
    public static string Decode(string header)
    {
        if (!header.StartsWith(Start, StringComparison.Ordinal) || !header.EndsWith(End, StringComparison.Ordinal))
            return header;
        var text = new StringBuilder();
        foreach (var word in header.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.Split('?') is not ["=", var charset, var form, var body, "="]
                || !charset.Equals("UTF-8", StringComparison.OrdinalIgnoreCase)
                || Bytes(form, body) is not { } bytes)
                return header;
            text.Append(Encoding.UTF8.GetString(bytes));
        }

        return text.ToString();
    }

    // A space at either end would be lost on the way.
    private static bool IsPlain(string value) =>
        value.All(letter => letter is >= ' ' and <= '~')
            && !value.StartsWith(Start, StringComparison.Ordinal)
            && (value.Length == 0 || (value[0] != ' ' && value[^1] != ' '));

    private static byte[]? Bytes(string form, string body) => form switch
    {
        "B" or "b" => FromBase64(body),
        "Q" or "q" => FromQuoted(body),
        _ => null,
    };

    private static byte[]? FromBase64(string body)
    {
        var bytes = new byte[body.Length];
        return Convert.TryFromBase64String(body, bytes, out var count) ? bytes[..count] : null;
    }

    private static byte[]? FromQuoted(string body)
    {
        var bytes = new List<byte>(body.Length);
        for (var at = 0; at < body.Length; at++)
        {
            if (body[at] != '=')
            {
                bytes.Add(body[at] == '_' ? (byte)' ' : (byte)body[at]);
                continue;
            }

            if (at + 2 >= body.Length || !char.IsAsciiHexDigit(body[at + 1]) || !char.IsAsciiHexDigit(body[at + 2]))
                return null;
            bytes.Add(Convert.ToByte(body.Substring(at + 1, 2), 16));
            at += 2;
        }

        return [.. bytes];
    }
}
