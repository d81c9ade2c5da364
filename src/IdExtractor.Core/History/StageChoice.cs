using IdExtractor.Core.Job;
using IdExtractor.Core.Promote;
using IdExtractor.Core.Storage;
using IdExtractor.Foundation.Errors;

namespace IdExtractor.Core.History;

/// <summary>
/// The stage file that an operator means: a key, the name of a file in the stage folder, or
/// <c>previous</c>.
/// </summary>
/// <param name="output">The output root.</param>
/// <param name="settings">Names of stage and active files.</param>
/// <param name="order">Which of two partitions is the later one.</param>
/// <param name="historyOptions">Options of a <c>history</c> command for the same output, as words
/// of a shell; may be null.</param>
/// <param name="observer">Receives a warning for each entry that is not a file; may be
/// null.</param>
public sealed class StageChoice(
    IObjectStore output, OutputSettings settings, IPartitionOrder order, IReadOnlyList<string>? historyOptions = null,
    IRunObserver? observer = null)
{
    /// <summary>Stands for the file to go back to.</summary>
    public const string Previous = "previous";

    /// <summary>
    /// The key of the file. Whether it exists is known only of <see cref="Previous"/>.
    /// </summary>
    /// <param name="stage">As it was given.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ConfigurationException">There is no file to go back to.</exception>
    /// <exception cref="TransientException">The store fails temporarily.</exception>
    public async Task<string> ResolveAsync(string stage, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stage);
        if (stage == Previous)
        {
            var listing = await new StageInventory(output, settings, order, observer: observer)
                .ReadAsync(new PublishGuards(), cancellationToken).ConfigureAwait(false);
            return listing.Previous?.Object.Key ?? throw Nothing(listing);
        }

        if (stage.Contains('/', StringComparison.Ordinal) || await output.HeadAsync(stage, cancellationToken)
            .ConfigureAwait(false) is not null)
            return stage;
        return new OutputLayout(settings).StagePrefix + stage;
    }

    private ConfigurationException Nothing(StageListing listing)
    {
        var root = output.Describe("");
        string[] command = ["idextractor", "history", "--output", PromoteCommandLine.Quoted(root), .. historyOptions ?? []];
        return new ConfigurationException(
            listing.Active is null ? "There is no active file, so that there is nothing to go back from"
                : "There is no stage file that is older than the active one",
            ErrorPlace.Of(root),
            $"see which stage files there are: {string.Join(' ', command)}");
    }
}
