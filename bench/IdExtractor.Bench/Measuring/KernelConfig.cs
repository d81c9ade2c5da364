using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace IdExtractor.Bench.Measuring;

/// <summary>
/// How kernels are measured: in this process, since they do not depend on how a process starts, in
/// short runs whose minimum is shown next to the mean. A mean far from the minimum shows a noisy
/// machine.
/// </summary>
internal sealed class KernelConfig : ManualConfig
{
    public KernelConfig()
    {
        AddJob(
            Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
                .WithWarmupCount(3)
                .WithIterationCount(9)
                .WithMinIterationTime(Perfolizer.Horology.TimeInterval.FromMilliseconds(60)));
        AddLogger(ConsoleLogger.Default);
        AddExporter(MarkdownExporter.GitHub);
        AddColumnProvider(DefaultColumnProviders.Descriptor, DefaultColumnProviders.Params);
        AddColumn(
            StatisticColumn.Min, StatisticColumn.Mean, BaselineRatioColumn.RatioMean, new ThroughputColumn(perCycle: false),
            new ThroughputColumn(perCycle: true));
    }
}
