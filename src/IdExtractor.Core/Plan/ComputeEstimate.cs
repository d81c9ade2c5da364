namespace IdExtractor.Core.Plan;

/// <summary>
/// What the compute of a run costs on the default job definition, Fargate with 1 vCPU and 2 GB, by
/// the formula of docs/use/where-to-run.md. An estimate: the rates were measured outside AWS, and
/// network and start are assumed.
/// </summary>
/// <param name="Seconds">Seconds in the container, without those in the queue.</param>
/// <param name="Usd">The price of these seconds, or of the least that is billed.</param>
public sealed record ComputeEstimate(double Seconds, decimal Usd)
{
    /// <summary>The source of the prices, to be shown with every sum.</summary>
    public const string Basis = "list prices of us-east-1: USD 0.04048 per vCPU and 0.004445 per GB and hour, at least 60 s";

    /// <summary>Number of vCPUs in the default job definition.</summary>
    public const int VirtualCpus = 1;

    /// <summary>Memory of the default job definition, in GB.</summary>
    public const int MemoryGigabytes = 2;

    /// <summary>
    /// Core seconds per GB that is fetched, by the measurements in bench/README.md.
    /// </summary>
    private const double CoreSecondsPerGigabyte = 1.24;

    /// <summary>A vCPU is one of two hardware threads.</summary>
    private const int VirtualCpusPerCore = 2;

    private const double GigabytesPerSecondAndVirtualCpu = 0.15;

    private const double StartSeconds = 10, LeastBilledSeconds = 60;

    private const decimal UsdPerVirtualCpuHour = 0.04048m, UsdPerGigabyteHour = 0.004445m;

    /// <summary>The estimate for a run that fetches so many bytes.</summary>
    /// <param name="bytes">Bytes of both columns, 0 or more.</param>
    public static ComputeEstimate Of(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        var gigabytes = bytes / 1e9;
        var compute = gigabytes * CoreSecondsPerGigabyte * VirtualCpusPerCore / VirtualCpus;
        var network = gigabytes / (GigabytesPerSecondAndVirtualCpu * VirtualCpus);
        var seconds = StartSeconds + Math.Max(compute, network);
        var usdPerHour = (VirtualCpus * UsdPerVirtualCpuHour) + (MemoryGigabytes * UsdPerGigabyteHour);
        return new ComputeEstimate(seconds, (decimal)Math.Max(LeastBilledSeconds, seconds) * usdPerHour / 3600);
    }
}
