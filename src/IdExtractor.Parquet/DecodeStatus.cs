namespace IdExtractor.Parquet;

/// <summary>
/// The result of a decoder. Decoders do not throw; the caller knows the place and throws the error.
/// </summary>
public enum DecodeStatus : byte
{
    /// <summary>Everything requested was decoded.</summary>
    Ok,

    /// <summary>The input ends before its values do.</summary>
    InputTooShort,

    /// <summary>The input holds more output than the page declares.</summary>
    OutputTooLong,

    /// <summary>The input holds less output than the page declares.</summary>
    OutputTooShort,

    /// <summary>A header of the stream is malformed or unknown.</summary>
    InvalidHeader,

    /// <summary>A back-reference points before the start of the output, or is zero.</summary>
    InvalidOffset,

    /// <summary>A length is negative, or points past the end.</summary>
    InvalidLength,

    /// <summary>A bit width is outside what the type allows.</summary>
    InvalidBitWidth,

    /// <summary>A level or dictionary index is outside its range.</summary>
    InvalidValue,

    /// <summary>The stream's own checksum does not match its content.</summary>
    ChecksumMismatch,

    /// <summary>Valid, but an unsupported variant.</summary>
    Unsupported,
}
