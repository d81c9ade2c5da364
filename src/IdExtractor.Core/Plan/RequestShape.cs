using IdExtractor.Parquet.Footer;

namespace IdExtractor.Core.Plan;

/// <summary>
/// How byte ranges become requests: near ones are read in one go, long ones in pieces
/// (specification, section 9).
/// </summary>
/// <param name="MaxRequestBytes">Most bytes of one request, 1 or more.</param>
/// <param name="MaxGapBytes">Unneeded bytes between two ranges that are worth reading to save a request, 0 or more.</param>
public sealed record RequestShape(long MaxRequestBytes = 8 << 20, long MaxGapBytes = 1 << 20)
{
    /// <summary>What reading these chunks of one file whole takes.</summary>
    /// <returns>Requests, and the bytes that they fetch with the gaps.</returns>
    internal (long Requests, long Bytes) Estimate(IEnumerable<ColumnChunk> chunks)
    {
        var (requests, bytes) = (0L, 0L);
        var (start, end) = (0L, 0L);
        foreach (var chunk in chunks.Where(chunk => chunk.Length > 0).OrderBy(chunk => chunk.Offset))
        {
            if (end > 0 && chunk.Offset <= end + MaxGapBytes)
            {
                end = Math.Max(end, chunk.Offset + chunk.Length);
                continue;
            }

            Count();
            (start, end) = (chunk.Offset, chunk.Offset + chunk.Length);
        }

        Count();
        return (requests, bytes);

        void Count()
        {
            bytes += end - start;
            requests += (end - start + MaxRequestBytes - 1) / MaxRequestBytes;
        }
    }
}
