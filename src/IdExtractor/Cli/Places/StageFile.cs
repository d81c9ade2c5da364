using IdExtractor.Cli.Options;
using IdExtractor.Core.Storage;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Cli.Places;

/// <summary>
/// The value of <c>--stage</c>: a key, or the whole path or address of the file as a run prints it,
/// which is what one pastes when on call.
/// </summary>
internal static class StageFile
{
    /// <summary>The key below an output root.</summary>
    /// <param name="stage">As it was given.</param>
    /// <param name="output">The output root.</param>
    /// <exception cref="UsageException">The file is not below the root.</exception>
    public static string KeyOf(string stage, string output)
    {
        if (AddressScheme.IsS3(stage))
        {
            var root = output.TrimEnd('/') + "/";
            return stage.StartsWith(root, StringComparison.Ordinal) && stage.Length > root.Length
                ? stage[root.Length..]
                : throw Outside(stage);
        }

        if (!Path.IsPathRooted(stage) && !PlaceForms.IsFromHere(stage) && !stage.StartsWith(AddressScheme.File, StringComparison.Ordinal))
            return PathFromHere(stage, output) ?? stage;
        if (AddressScheme.IsS3(output))
            throw Outside(stage);
        var (file, folder) = (LocalStoreProvider.ToPath(stage), LocalStoreProvider.ToPath(output));
        return Below(Path.GetFullPath(file), Path.GetFullPath(folder))
            ?? Below(LocalPlace.Of(file).Path, LocalPlace.Of(folder).Path)
            ?? throw Outside(stage);
    }

    /// <summary>
    /// The key of a file that is named by its path from the current folder, as a shell completes
    /// it; null when the text is a key.
    /// </summary>
    private static string? PathFromHere(string stage, string output)
    {
        if (AddressScheme.IsS3(output))
            return null;
        var folder = Path.GetFullPath(LocalStoreProvider.ToPath(output));
        return File.Exists(Path.Combine(folder, stage)) || !File.Exists(stage) ? null : Below(Path.GetFullPath(stage), folder);
    }

    private static string? Below(string file, string folder)
    {
        var relative = Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
        return relative is "." or ".." || relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative)
            ? null
            : relative;
    }

    private static UsageException Outside(string stage) =>
        new($"--stage names {Quoted.Of(stage)}, which is not below --output", "give the root that the file is in");
}
