namespace IdExtractor.Parquet.Encodings;

/// <summary>
/// PLAIN values of a fixed width (INT32, INT64, FIXED_LEN_BYTE_ARRAY). They are consecutive, so
/// only their extent needs a check.
/// </summary>
internal static class PlainFixed
{
    /// <summary>Checks that all the values are inside the page.</summary>
    /// <param name="page">The page's decompressed bytes.</param>
    /// <param name="position">Where the first value starts.</param>
    /// <param name="end">The first byte after the values section.</param>
    /// <param name="width">Bytes per value; 0 or more.</param>
    /// <param name="count">Values; 0 or more.</param>
    /// <returns>
    /// <see cref="DecodeStatus.Ok"/>; <see cref="DecodeStatus.InputTooShort"/> when the values
    /// extend past <paramref name="end"/>;
    /// <see cref="DecodeStatus.InvalidLength"/> when a number is negative or the section is not
    /// inside the page.
    /// </returns>
    public static DecodeStatus Check(ReadOnlySpan<byte> page, int position, int end, int width, int count)
    {
        if (position < 0 || position > end || end > page.Length || width < 0 || count < 0)
            return DecodeStatus.InvalidLength;
        return (long)width * count <= end - position ? DecodeStatus.Ok : DecodeStatus.InputTooShort;
    }
}
