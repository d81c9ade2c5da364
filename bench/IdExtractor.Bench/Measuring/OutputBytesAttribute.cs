namespace IdExtractor.Bench.Measuring;

/// <summary>
/// Bytes that one operation of a benchmark writes or reads, to show its throughput.
/// </summary>
/// <param name="count">Bytes per operation.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OutputBytesAttribute(double count) : Attribute
{
    /// <summary>Bytes per operation.</summary>
    public double Count => count;
}
