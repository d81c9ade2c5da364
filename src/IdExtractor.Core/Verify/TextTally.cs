using System.Security.Cryptography;
using IdExtractor.Foundation.Checksums;

namespace IdExtractor.Core.Verify;

/// <summary>
/// Everything that is checked of a published text, taken down as it streams by: nothing of it is
/// kept.
/// </summary>
internal sealed class TextTally : IDisposable
{
    private const byte NewLine = (byte)'\n';

    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);

    // As if a line had ended before the first byte: a newline there is an empty line too.
    private byte _last = NewLine;
    private long _newLines;

    /// <summary>Bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>CRC-32.</summary>
    public uint Crc { get; private set; }

    /// <summary>There is a line without a character.</summary>
    public bool HasEmptyLine { get; private set; }

    /// <summary>
    /// There is a carriage return, which some readers take for the end of a line.
    /// </summary>
    public bool HasCarriageReturn { get; private set; }

    /// <summary>The text ends with a newline.</summary>
    public bool EndsWithNewLine => Bytes > 0 && _last == NewLine;

    /// <summary>Lines, whether or not the last one is ended.</summary>
    public long Lines => Bytes == 0 || EndsWithNewLine ? _newLines : _newLines + 1;

    /// <summary>Takes the next bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        _md5.AppendData(bytes);
        Crc = Crc32.Append(Crc, bytes);
        Bytes += bytes.Length;
        _newLines += bytes.Count(NewLine);
        HasEmptyLine |= (_last == NewLine && bytes[0] == NewLine) || bytes.IndexOf("\n\n"u8) >= 0;
        HasCarriageReturn |= bytes.Contains((byte)'\r');
        _last = bytes[^1];
    }

    /// <summary>MD5, lower-case hex.</summary>
    public string Md5() => Convert.ToHexStringLower(_md5.GetCurrentHash());

    /// <inheritdoc/>
    public void Dispose() => _md5.Dispose();
}
