using System.Globalization;
using System.Reflection;
using IdExtractor.Core.Report;

namespace IdExtractor.Cli;

/// <summary>What names this run and this program.</summary>
internal static class RunIdentity
{
    /// <summary>
    /// Consonants only: no words, and above all no digits, so that nothing in a run id looks like a
    /// document.
    /// </summary>
    private const string Letters = "bcdfghjkmnpqrstvwxz";

    /// <summary>A new run id of 12 letters, which makes about 2 * 10^15 of them.</summary>
    public static string NewRunId() => string.Create(12, Random.Shared, (letters, random) => random.GetItems(Letters, letters));

    /// <summary>
    /// Version of this program, with the commit it was built from when that is known.
    /// </summary>
    public static string ToolVersion() =>
        typeof(RunIdentity).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The job of AWS Batch that runs this process; null when none does.</summary>
    public static BatchJob? Batch()
    {
        if (Environment.GetEnvironmentVariable("AWS_BATCH_JOB_ID") is not { Length: > 0 } job)
            return null;
        var attempt = Environment.GetEnvironmentVariable("AWS_BATCH_JOB_ATTEMPT");
        return new BatchJob(job, int.TryParse(attempt, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null);
    }
}
