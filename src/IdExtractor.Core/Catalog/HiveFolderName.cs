using System.Globalization;
using System.Text;
using IdExtractor.Core.Job;

namespace IdExtractor.Core.Catalog;

/// <summary>Reads a folder name <c>key=value</c> as Hive and Spark write it.</summary>
public static class HiveFolderName
{
    /// <summary>What Hive and Spark write for a null.</summary>
    public const string DefaultPartition = "__HIVE_DEFAULT_PARTITION__";

    /// <summary>
    /// Splits at the first <c>=</c> and decodes both sides; false for a name without a key.
    /// </summary>
    /// <param name="name">The folder's name, without <c>/</c>.</param>
    /// <param name="value">Key and value, decoded.</param>
    public static bool TryParse(string name, out PartitionValue value)
    {
        ArgumentNullException.ThrowIfNull(name);
        var split = name.IndexOf('=', StringComparison.Ordinal);
        value = split > 0 ? new PartitionValue(Decode(name[..split]), Decode(name[(split + 1)..])) : new PartitionValue("", "");
        return split > 0;
    }

    /// <summary>
    /// Replaces <c>%XX</c> by the characters that these bytes are in UTF-8. Escapes that are
    /// malformed, or bytes that are not UTF-8, stay as they are written; <c>+</c> is a plus.
    /// </summary>
    public static string Decode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.Contains('%', StringComparison.Ordinal))
            return text;
        var decoded = new StringBuilder(text.Length);
        var bytes = new byte[text.Length / 3];
        for (var position = 0; position < text.Length;)
        {
            var count = 0;
            while (TryEscape(text, position + (3 * count), out var value))
                bytes[count++] = value;
            if (count == 0)
            {
                decoded.Append(text[position++]);
                continue;
            }

            AppendUtf8(decoded, bytes.AsSpan(0, count), text.AsSpan(position, 3 * count));
            position += 3 * count;
        }

        return decoded.ToString();
    }

    private static bool TryEscape(string text, int position, out byte value)
    {
        value = 0;
        return position + 3 <= text.Length
            && text[position] == '%'
            && byte.TryParse(text.AsSpan(position + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    private static void AppendUtf8(StringBuilder decoded, ReadOnlySpan<byte> bytes, ReadOnlySpan<char> escapes)
    {
        while (!bytes.IsEmpty)
        {
            var isUtf8 = Rune.DecodeFromUtf8(bytes, out var rune, out var consumed) == System.Buffers.OperationStatus.Done;
            if (isUtf8)
                decoded.Append(rune.ToString());
            else
                decoded.Append(escapes[..(3 * consumed)]);
            bytes = bytes[consumed..];
            escapes = escapes[(3 * consumed)..];
        }
    }
}
