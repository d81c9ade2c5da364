using IdExtractor.Core.Catalog;
using IdExtractor.Core.Job;

namespace IdExtractor.Cli.Options;

/// <summary>
/// A partition as it is typed: <c>k=v/k=v</c>, values URL-encoded or plain, as folders spell them.
/// </summary>
internal static class PartitionText
{
    /// <summary>Reads it; null when a part is not <c>k=v</c> or a key comes twice.</summary>
    public static PartitionPin? Read(string text)
    {
        var values = new List<PartitionValue>();
        foreach (var part in text.TrimEnd('/').Split('/'))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == part.Length - 1 || part.Any(char.IsControl))
                return null;
            var key = HiveFolderName.Decode(part[..equals]);
            if (values.Exists(value => string.Equals(value.Key, key, StringComparison.OrdinalIgnoreCase)))
                return null;
            values.Add(new PartitionValue(key, HiveFolderName.Decode(part[(equals + 1)..])));
        }

        return new PartitionPin(values);
    }
}
