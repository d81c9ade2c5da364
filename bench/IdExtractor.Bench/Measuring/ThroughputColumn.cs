using System.Globalization;
using System.Reflection;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace IdExtractor.Bench.Measuring;

/// <summary>
/// Throughput of the fastest run: gigabytes per second, or bytes per clock cycle.
/// </summary>
internal sealed class ThroughputColumn(bool perCycle) : IColumn
{
    public string Id => nameof(ThroughputColumn) + perCycle;

    public string ColumnName => perCycle ? "B/cycle" : "GB/s";

    public string Legend => perCycle ? "Bytes a clock cycle, by the clock that a chain of multiplications shows" : "Gigabytes a second";

    public bool AlwaysShow => true;

    public bool IsNumeric => true;

    public int PriorityInCategory => 0;

    public UnitType UnitType => UnitType.Dimensionless;

    public ColumnCategory Category => ColumnCategory.Custom;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        var bytes = benchmarkCase.Descriptor.WorkloadMethod.GetCustomAttribute<OutputBytesAttribute>()?.Count;
        var nanoseconds = summary[benchmarkCase]?.ResultStatistics?.Min;
        if (bytes is null || nanoseconds is null or 0)
            return "-";
        var throughput = bytes.Value / nanoseconds.Value / (perCycle ? ClockRate.CyclesPerNanosecond : 1);
        return throughput.ToString(perCycle ? "F2" : "F1", CultureInfo.InvariantCulture);
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public bool IsAvailable(Summary summary) => true;
}
