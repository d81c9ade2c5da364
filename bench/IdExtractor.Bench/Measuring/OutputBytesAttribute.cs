namespace IdExtractor.Bench.Measuring;

/// <summary>Bytes that one operation of a benchmark produces or looks at, so that its speed can be given as a throughput.</summary>
/// <param name="count">Bytes an operation.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OutputBytesAttribute(double count) : Attribute
{
    /// <summary>Bytes an operation.</summary>
    public double Count => count;
}
