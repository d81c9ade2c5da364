using IdExtractor.Core.Job;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.Recheck;

/// <summary>
/// The last check of the inputs: every file is still the version that was read (specification,
/// section 3).
/// </summary>
internal static class RecheckStep
{
    /// <summary>Files that are checked concurrently.</summary>
    private const int Parallelism = 16;

    /// <summary>Asks for the current version of every file of A and B.</summary>
    /// <exception cref="ObjectChangedException">One has been replaced or deleted.</exception>
    public static Task RunAsync(PlannedInput input, CancellationToken cancellationToken)
    {
        var read = new List<(IObjectStore Store, ObjectInfo Object)>();
        foreach (var file in input.B.Files.Concat(input.A.Table?.Files ?? []))
            read.Add((file.Store, file.Object));
        if (input.A.List is { } list)
            read.Add((list.Store, list.Object));
        return ConcurrentWork.ForAsync(
            read.Count, Parallelism, (i, cancel) => read[i].Store.EnsureUnchangedAsync(read[i].Object, cancel), cancellationToken);
    }
}
