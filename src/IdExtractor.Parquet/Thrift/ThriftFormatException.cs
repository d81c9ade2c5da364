namespace IdExtractor.Parquet.Thrift;

/// <summary>A Thrift structure is malformed. Caught where the object and column are known and turned into a typed error.</summary>
internal sealed class ThriftFormatException(string problem, int position) : Exception(problem)
{
    /// <summary>Bytes from the start of the structure.</summary>
    public int Position { get; } = position;
}
