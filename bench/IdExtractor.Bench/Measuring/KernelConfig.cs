using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace IdExtractor.Bench.Measuring;

/// <summary>
/// How kernels are measured: in this process, since nothing about them depends on how a process starts, in short runs whose fastest one is shown beside the mean. A mean far from the minimum tells of a
/// noisy machine.
/// </summary>
internal sealed class KernelConfig : ManualConfig
{
    public KernelConfig()
    {
        AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(9).WithMinIterationTime(Perfolizer.Horology.TimeInterval.FromMilliseconds(60)));
        AddLogger(ConsoleLogger.Default);
        AddExporter(MarkdownExporter.GitHub);
        AddColumnProvider(DefaultColumnProviders.Descriptor, DefaultColumnProviders.Params);
        AddColumn(StatisticColumn.Min, StatisticColumn.Mean, BaselineRatioColumn.RatioMean, new ThroughputColumn(perCycle: false), new ThroughputColumn(perCycle: true));
    }
}
