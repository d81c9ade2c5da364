using System.Buffers;
using System.Globalization;
using IdExtractor.Core.Errors;
using IdExtractor.Core.Parquet;
using IdExtractor.Core.Parquet.Footer;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Plan;

/// <summary>
/// Reads footers: the last 64 KiB of a file, which mostly hold it whole, and what is missing before them. The bytes of all footers that are kept together are bounded, and each is checked
/// against the bound before it is allocated.
/// </summary>
/// <param name="limits">What a file may claim.</param>
/// <param name="budget">Bytes for all footers.</param>
internal sealed class FooterReader(ParquetLimits limits, long budget)
{
    /// <summary>Bytes that are read before the footer's length is known.</summary>
    public const int TailBytes = 64 << 10;

    private long _kept;

    /// <summary>Reads one footer. May be called from any thread.</summary>
    /// <exception cref="CorruptFileException">Not a Parquet file, cut, or malformed.</exception>
    /// <exception cref="UnsupportedFileException">Encrypted.</exception>
    /// <exception cref="InputDataException">The footers are too large together.</exception>
    public async Task<ParquetFooter> ReadAsync(IObjectStore store, ObjectInfo file, string name, CancellationToken cancellationToken)
    {
        var tailLength = (int)Math.Min(file.Size, TailBytes);
        var rented = ArrayPool<byte>.Shared.Rent(tailLength);
        try
        {
            var tail = rented.AsMemory(0, tailLength);
            var reader = await store.OpenAsync(file, cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                await reader.ReadAsync(file.Size - tailLength, tail, cancellationToken).ConfigureAwait(false);
                var length = FooterTail.ReadFooterLength(name, tail.Span, file.Size, limits);
                Keep(length, name);
                var footer = new byte[length];
                var known = tail[..^FooterTail.Length];
                var missing = Math.Max(0, length - known.Length);
                if (missing > 0)
                    await reader.ReadAsync(file.Size - FooterTail.Length - length, footer.AsMemory(0, missing), cancellationToken).ConfigureAwait(false);
                known[^(length - missing)..].CopyTo(footer.AsMemory(missing));
                return ParquetFooter.Parse(name, file.Size, footer, limits);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void Keep(int length, string name)
    {
        if (Interlocked.Add(ref _kept, length) <= budget)
            return;
        throw new InputDataException("The footers of the files take too much memory together", new ErrorPlace
        {
            Object = name,
            Expected = string.Create(CultureInfo.InvariantCulture, $"at most {budget} bytes for all files"),
        }, "raise --max-memory");
    }
}
