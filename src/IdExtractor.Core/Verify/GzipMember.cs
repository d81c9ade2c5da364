using System.Buffers.Binary;
using System.IO.Compression;
using IdExtractor.Foundation.Errors;
using IdExtractor.Foundation.Gzip;

namespace IdExtractor.Core.Verify;

/// <summary>
/// Reads an object that must be exactly one gzip member (RFC 1952) with nothing behind it, and
/// checks its CRC and length itself.
/// </summary>
/// <param name="bytes">The object, at its first byte.</param>
/// <param name="name">The object, for messages.</param>
/// <param name="threads">Threads that may work at a time, 1 or more.</param>
internal sealed class GzipMember(ObjectBytes bytes, string name, int threads)
{
    private const int MinBodyBytes = 2;
    private const int MaxHeaderFieldBytes = 1 << 16;
    private const int TextBlockBytes = 1 << 17;
    private const string Advice = "stage the file again";

    /// <summary>Reads the object to its end.</summary>
    /// <param name="text">Receives the uncompressed text.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="VerificationException">
    /// It is not such an object, is truncated or damaged, or its CRC or length differ.
    /// </exception>
    public async Task ReadAsync(TextTally text, CancellationToken cancellationToken)
    {
        if (bytes.Length < GzipHeader.FixedBytes + MinBodyBytes + GzipTrailer.Bytes)
            throw Bad(
                "The file is too short for gzip", $"at least {GzipHeader.FixedBytes + MinBodyBytes + GzipTrailer.Bytes} bytes",
                $"{bytes.Length}");
        await ReadHeaderAsync().ConfigureAwait(false);
        var end = bytes.Length - GzipTrailer.Bytes;
        if (end - bytes.Position < MinBodyBytes)
            throw Bad("The gzip header leaves no room for data", "data before the last 8 bytes", "none");
        await ReadBodyAsync(text, end, cancellationToken).ConfigureAwait(false);
        await ReadTrailerAsync(text).ConfigureAwait(false);
    }

    private async Task ReadHeaderAsync()
    {
        var header = await TakeAsync(GzipHeader.FixedBytes).ConfigureAwait(false);
        if (!GzipHeader.IsDeflated(header))
            throw Bad("The file is not gzip", "1f8b08 at its start", Convert.ToHexStringLower(header.AsSpan(0, 3)));
        var flags = GzipHeader.FlagsOf(header);
        if ((flags & GzipFlags.Reserved) != 0)
            throw Bad("The gzip header has unknown flags", "none of e0", $"{header[3]:x2}");
        if ((flags & GzipFlags.Extra) != 0)
            await TakeAsync(BinaryPrimitives.ReadUInt16LittleEndian(await TakeAsync(2).ConfigureAwait(false))).ConfigureAwait(false);
        if ((flags & GzipFlags.Name) != 0)
            await SkipTextAsync().ConfigureAwait(false);
        if ((flags & GzipFlags.Comment) != 0)
            await SkipTextAsync().ConfigureAwait(false);
        if ((flags & GzipFlags.HeaderCrc) != 0)
            await TakeAsync(2).ConfigureAwait(false);
    }

    private async Task ReadBodyAsync(TextTally text, long end, CancellationToken cancellationToken)
    {
        var body = new DeflateBody(bytes, end);
        var inflated = new DeflateStream(body, CompressionMode.Decompress);
        await using (inflated.ConfigureAwait(false))
        {
            try
            {
                await TallyAsync(inflated, text, cancellationToken).ConfigureAwait(false);
            }
            catch (InvalidDataException error)
            {
                throw new VerificationException(
                    "The compressed data are damaged",
                    new ErrorPlace { Object = name, Offset = bytes.Position, Expected = "deflate data", Actual = "other bytes" },
                    Advice,
                    error);
            }
        }

        if (body.IsOverrun)
            throw Bad("The gzip member is cut", "the end of its data", "the end of the file");
        if (!body.IsUsedUp)
            throw Bad(
                "The file is not one gzip member alone", $"its end at byte {bytes.Length}", "an earlier end, and something behind it");
    }

    /// <summary>
    /// Takes down a block of text, if there is another thread while the next is inflated: the
    /// digest takes half as long as that.
    /// </summary>
    private async Task TallyAsync(DeflateStream inflated, TextTally text, CancellationToken cancellationToken)
    {
        byte[] block = new byte[TextBlockBytes], other = new byte[TextBlockBytes];
        var adding = Task.CompletedTask;
        try
        {
            for (int read; (read = await inflated.ReadAsync(block, cancellationToken).ConfigureAwait(false)) > 0;)
            {
                await adding.ConfigureAwait(false);
                if (threads == 1)
                {
                    text.Add(block.AsSpan(0, read));
                    continue;
                }

                var filled = block.AsMemory(0, read);
                adding = Task.Run(() => text.Add(filled.Span), CancellationToken.None);
                (block, other) = (other, block);
            }
        }
        finally
        {
            await adding.ConfigureAwait(false);
        }
    }

    private async Task ReadTrailerAsync(TextTally text)
    {
        var trailer = GzipTrailer.Read(await TakeAsync(GzipTrailer.Bytes).ConfigureAwait(false));
        if (trailer.Crc != text.Crc)
            throw Bad("The gzip checksum differs", $"CRC {trailer.Crc:x8}", $"{text.Crc:x8}");
        if (trailer.TextLength != (uint)text.Bytes)
            throw Bad("The gzip length differs", $"{trailer.TextLength} bytes of text (modulo 4 GiB)", $"{(uint)text.Bytes}");
    }

    private async Task SkipTextAsync()
    {
        for (var length = 0; length < MaxHeaderFieldBytes; length++)
        {
            var value = await bytes.ReadByteAsync().ConfigureAwait(false);
            if (value == 0)
                return;
            if (value < 0)
                throw CutHeader();
        }

        throw Bad("A text in the gzip header does not end", $"at most {MaxHeaderFieldBytes} bytes", "more");
    }

    private async Task<byte[]> TakeAsync(int count)
    {
        var taken = new byte[count];
        for (var filled = 0; filled < count;)
        {
            var read = await bytes.ReadAsync(taken.AsMemory(filled)).ConfigureAwait(false);
            if (read == 0)
                throw CutHeader();
            filled += read;
        }

        return taken;
    }

    private VerificationException CutHeader() => Bad("The gzip header is cut", "a whole header", "the end of the file");

    private VerificationException Bad(string problem, string expected, string actual) =>
        new(problem, new ErrorPlace { Object = name, Expected = expected, Actual = actual }, Advice);
}
