using IdExtractor.Cli.Options;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Cli.Places;

/// <summary>The value of <c>--stage</c>: a key, or the whole path or address of the file as a run prints it, which is what one pastes when on call.</summary>
internal static class StageFile
{
    private const string S3 = "s3://";

    /// <summary>The key below an output root.</summary>
    /// <param name="stage">As it was given.</param>
    /// <param name="output">The output root.</param>
    /// <exception cref="UsageException">The file is not below the root.</exception>
    public static string KeyOf(string stage, string output)
    {
        if (stage.StartsWith(S3, StringComparison.Ordinal))
        {
            var root = output.TrimEnd('/') + "/";
            return stage.StartsWith(root, StringComparison.Ordinal) && stage.Length > root.Length ? stage[root.Length..] : throw Outside(stage);
        }

        if (!Path.IsPathRooted(stage) && !stage.StartsWith("file://", StringComparison.Ordinal))
            return stage;
        if (output.StartsWith(S3, StringComparison.Ordinal))
            throw Outside(stage);
        var (file, folder) = (LocalStoreProvider.ToPath(stage), LocalStoreProvider.ToPath(output));
        return Below(Path.GetFullPath(file), Path.GetFullPath(folder)) ?? Below(LocalPlace.Of(file).Path, LocalPlace.Of(folder).Path) ?? throw Outside(stage);
    }

    private static string? Below(string file, string folder)
    {
        var relative = Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
        return relative is "." or ".." || relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? null : relative;
    }

    private static UsageException Outside(string stage) => new($"--stage names {Quoted.Of(stage)}, which is not below --output", "give the root that the file is in");
}
