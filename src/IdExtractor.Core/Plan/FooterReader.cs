using System.Buffers;
using System.Globalization;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;
using IdExtractor.Parquet;
using IdExtractor.Parquet.Footer;

namespace IdExtractor.Core.Plan;

/// <summary>
/// Reads footers: the last 64 KiB of a file, which mostly hold it whole, and what is missing before
/// them. Where a request costs little, fewer bytes are read at first; where it costs more, as many
/// as the largest footer before took. The memory of all footers together, and of the row groups
/// that are planned by them, is bounded, and each is checked against the bound before it is
/// allocated.
/// </summary>
/// <param name="limits">What a file may claim.</param>
/// <param name="budget">Bytes for all footers.</param>
internal sealed class FooterReader(ParquetLimits limits, long budget)
{
    /// <summary>Bytes that are read before the footer's length is known.</summary>
    public const int TailBytes = 64 << 10;

    /// <summary>The same where a second read costs little: the footer of a small file.</summary>
    public const int NearTailBytes = 4 << 10;

    /// <summary>The same where files before had larger footers, at most.</summary>
    public const int MaxTailBytes = 1 << 20;

    /// <summary>
    /// Memory of a planned row group in bytes: the chunks of two columns, their statistics, and its
    /// place in the queue of the scan.
    /// </summary>
    private const long BytesPerRowGroup = 800;

    private long _kept;
    private long _reads;
    private int _farTailBytes = TailBytes;

    /// <summary>Reads of files so far.</summary>
    public long Reads => Volatile.Read(ref _reads);

    /// <summary>Reads one footer. May be called from any thread.</summary>
    /// <exception cref="CorruptFileException">Not a Parquet file, cut, or malformed.</exception>
    /// <exception cref="UnsupportedFileException">Encrypted.</exception>
    /// <exception cref="InputDataException">The footers are too large together.</exception>
    public async Task<ParquetFooter> ReadAsync(IObjectStore store, ObjectInfo file, string name, CancellationToken cancellationToken)
    {
        var reader = await store.OpenAsync(file, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            var tailLength = (int)Math.Min(file.Size, reader.IsNear ? NearTailBytes : Volatile.Read(ref _farTailBytes));
            var rented = ArrayPool<byte>.Shared.Rent(tailLength);
            try
            {
                var tail = rented.AsMemory(0, tailLength);
                await ReadAsync(reader, file.Size - tailLength, tail, cancellationToken).ConfigureAwait(false);
                var length = FooterTail.ReadFooterLength(name, tail.Span, file.Size, limits);
                Keep(length, name, $"{length} bytes in this file");
                if (length > tailLength - FooterTail.Length)
                    Volatile.Write(ref _farTailBytes, Math.Clamp(length + FooterTail.Length, TailBytes, MaxTailBytes));
                var footer = new byte[length];
                var known = tail[..^FooterTail.Length];
                var missing = Math.Max(0, length - known.Length);
                if (missing > 0)
                    await ReadAsync(
                        reader, file.Size - FooterTail.Length - length, footer.AsMemory(0, missing),
                        cancellationToken).ConfigureAwait(false);
                known[^(length - missing)..].CopyTo(footer.AsMemory(missing));
                var parsed = ParquetFooter.Parse(name, file.Size, footer, limits);
                Keep(parsed.RowGroupCount * BytesPerRowGroup, name, $"{parsed.RowGroupCount} row groups in this file");
                await CheckIsOneFileAsync(reader, parsed, cancellationToken).ConfigureAwait(false);
                return parsed;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    /// <summary>Checks only files with bytes that belong to nothing.</summary>
    private async Task CheckIsOneFileAsync(IObjectReader reader, ParquetFooter footer, CancellationToken cancellationToken)
    {
        if (footer.UnaccountedBytes < FooterTail.MinFileLength)
            return;
        var start = Math.Max(0, footer.UnaccountedBytes - JoinedFiles.SearchedBytes);
        var window = new byte[footer.UnaccountedBytes + JoinedFiles.MagicBytes - start];
        await ReadAsync(reader, start, window, cancellationToken).ConfigureAwait(false);
        if (JoinedFiles.FindLast(window, start) is not { } last)
            return;
        throw new CorruptFileException("Several Parquet files were joined into one", new ErrorPlace
        {
            Object = footer.File,
            Offset = last,
            Expected = "one file",
            Actual = "the beginning of another file",
        }, "split it at this offset, or write the parts again as files of their own");
    }

    private ValueTask ReadAsync(IObjectReader reader, long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        return reader.ReadAsync(offset, destination, cancellationToken);
    }

    private void Keep(long bytes, string name, string what)
    {
        if (Interlocked.Add(ref _kept, bytes) <= budget)
            return;
        throw new InputDataException("The footers of the files take too much memory together", new ErrorPlace
        {
            Object = name,
            Expected = string.Create(CultureInfo.InvariantCulture, $"at most {budget} bytes for all files"),
            Actual = what,
        }, "raise --max-memory, or write larger row groups");
    }
}
