namespace IdExtractor.Parquet.Thrift;

/// <summary>
/// A Thrift struct is malformed. Caught by code that knows the object and the column, and converted
/// to a typed error.
/// </summary>
internal sealed class ThriftFormatException(string problem, int position) : Exception(problem)
{
    /// <summary>Bytes from the start of the struct.</summary>
    public int Position { get; } = position;
}
