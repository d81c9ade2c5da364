using System.IO.Compression;
using System.IO.Pipelines;
using System.Security.Cryptography;
using IdExtractor.Core.Storage;

namespace IdExtractor.Core.Stage;

/// <summary>The compressed bytes that went into a store.</summary>
/// <param name="Bytes">How many.</param>
/// <param name="Sha256">SHA-256 of them, lower-case hex.</param>
internal readonly record struct GzipResult(long Bytes, string Sha256);

/// <summary>
/// Text to gzip to store, in one pipe: compressing and storing run side by side, and a slow store holds the compressor back. Memory is bounded by <see cref="PauseBytes"/> and two blocks.
/// </summary>
internal static class GzipPipe
{
    /// <summary>Compressed bytes in the pipe at which the compressor waits.</summary>
    public const int PauseBytes = 1 << 20;

    private const int TextBlockBytes = 1 << 16;
    private const int StoreBlockBytes = 1 << 18;

    /// <summary>Sends a whole text. The writer is neither completed nor disposed.</summary>
    /// <param name="text">Read to its end.</param>
    /// <param name="writer">Receives one gzip member.</param>
    /// <param name="level">0 to 9.</param>
    /// <param name="cancellationToken">Ends both sides.</param>
    public static async Task<GzipResult> RunAsync(IdText text, IObjectWriter writer, int level, CancellationToken cancellationToken)
    {
        var pipe = new Pipe(new PipeOptions(
            pauseWriterThreshold: PauseBytes, resumeWriterThreshold: PauseBytes / 2, minimumSegmentSize: TextBlockBytes, useSynchronizationContext: false));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var compressing = Task.Run(() => CompressAsync(text, pipe.Writer, level, stop.Token), CancellationToken.None);
        try
        {
            return await StoreAsync(pipe.Reader, writer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // After a success the compressor has ended already. Its error, if any, has come through the pipe.
            await stop.CancelAsync().ConfigureAwait(false);
            await pipe.Reader.CompleteAsync().ConfigureAwait(false);
            await compressing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task CompressAsync(IdText text, PipeWriter output, int level, CancellationToken cancellationToken)
    {
        Exception? error = null;
        try
        {
            var gzip = new GZipStream(new GzipHeader(output), new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true);
            await using (gzip.ConfigureAwait(false))
            {
                var block = new byte[TextBlockBytes];
                for (int filled; (filled = text.Fill(block)) > 0;)
                    await gzip.WriteAsync(block.AsMemory(0, filled), cancellationToken).ConfigureAwait(false);
            }

            if (text.Bytes == 0)
                await output.WriteAsync(GzipHeader.EmptyMember, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception caught)
        {
            error = caught;
            throw;
        }
        finally
        {
            // The reader sees the error when it has read what came before it.
            await output.CompleteAsync(error).ConfigureAwait(false);
        }
    }

    private static async Task<GzipResult> StoreAsync(PipeReader input, IObjectWriter writer, CancellationToken cancellationToken)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long bytes = 0;
        for (var isLast = false; !isLast;)
        {
            var read = await input.ReadAtLeastAsync(StoreBlockBytes, cancellationToken).ConfigureAwait(false);
            var block = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, StoreBlockBytes));
            foreach (var segment in block)
            {
                sha256.AppendData(segment.Span);
                await writer.AppendAsync(segment, cancellationToken).ConfigureAwait(false);
                bytes += segment.Length;
            }

            isLast = read.IsCompleted && block.Length == read.Buffer.Length;
            input.AdvanceTo(block.End);
        }

        return new GzipResult(bytes, Convert.ToHexStringLower(sha256.GetHashAndReset()));
    }
}
