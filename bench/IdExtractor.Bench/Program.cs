using BenchmarkDotNet.Running;
using IdExtractor.Bench.Measuring;

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, new KernelConfig());
