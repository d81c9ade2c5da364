using IdExtractor.Core.History;
using IdExtractor.Core.Job;
using IdExtractor.Html.Blocks;
using IdExtractor.Phrases;

namespace IdExtractor.Html.HistoryPage;

/// <summary>
/// The page of <c>history --html</c>: one file without scripts and without network, with counts,
/// names and times, never a document or an ID.
/// </summary>
/// <param name="listing">What there is.</param>
/// <param name="guards">The job's guards, whose limits are drawn.</param>
/// <param name="now">When it was listed.</param>
/// <param name="speech">The language.</param>
internal sealed class HistoryPageWriter(StageListing listing, PublishGuards guards, DateTimeOffset now, Speech speech)
{
    /// <summary>More points would not be told apart on a screen.</summary>
    private const int MostPoints = 120;

    /// <summary>More rows would make the page larger than 150 KB.</summary>
    private const int MostRows = 100;

    /// <summary>Cells that are not broken; the table scrolls instead.</summary>
    private static readonly (string Name, string? Value) s_whole = ("style", "white-space:nowrap");

    private readonly Locale _locale = Locale.Of(speech.Language);
    private readonly IReadOnlyList<PartitionPoint> _points = PartitionSeries.Of(listing, MostPoints);

    /// <summary>The page.</summary>
    public string Write(string toolVersion)
    {
        var html = PageShell.Begin(_locale, speech.Of($"Stage files of {listing.Output}"));
        WriteBanner(html);
        WriteTiles(html);
        if (_points.Count > 0)
        {
            WriteCounts(html);
            WriteDelays(html);
            WriteDurations(html);
        }

        PageShell.BeginSection(html, "calendar", speech.Of("Outcomes by day"), speech.Of("Days of staging, in UTC."));
        OutcomeCalendar.Write(html, listing.Entries, now, speech);
        PageShell.EndSection(html);
        WriteFiles(html);
        return PageShell.End(
            html,
            speech.Of(
                $"idextractor {toolVersion}, {_locale.Moment(now)}. The bytes of the files were not read; idextractor verify does that."));
    }

    private void WriteBanner(HtmlText html)
    {
        var waiting = listing.Entries.FirstOrDefault(entry => entry.State is StageState.NotPromoted or StageState.NotComparable);
        var heading = listing.Active switch
        {
            null => speech.Of("There is no active file"),
            { Metadata: { } metadata } => speech.Of(
                $"Readers see {_locale.Count(metadata.TotalIds)} IDs of partition {metadata.SourcePartition}"),
            _ => speech.Of("The metadata of the active file cannot be used"),
        };
        var tone = listing.Active?.Metadata is null ? Tone.Bad : waiting is null ? Tone.Good : Tone.Warn;
        var leads = new List<string> { listing.Output };
        if (waiting is not null)
            leads.Add(speech.Of($"{waiting.Object.Key} is not active: {waiting.Reason}"));
        (string, string)? next = waiting?.PromoteCommand is { } publish ? (speech.Of("To publish it, if it is right"), publish)
            : listing.Previous?.PromoteCommand is { } back ? (speech.Of($"To go back to {listing.Previous.Object.Key}"), back)
            : null;
        Banner.Write(html, tone, speech.Of("History"), heading, leads, next);
    }

    private void WriteTiles(HtmlText html)
    {
        var active = listing.Entries.FirstOrDefault(entry => entry.State == StageState.Active);
        var waiting = listing.Entries.Count(entry => entry.State == StageState.NotPromoted);
        var created = listing.Active?.Metadata?.CreatedAt;
        var unknown = speech.Of("unknown");
        Tiles.Write(html,
        [
            new Tile(
                speech.Of("Active IDs"), listing.Active?.Metadata is { } metadata ? _locale.Count(metadata.TotalIds) : unknown,
                active?.ChangePercent is { } change ? speech.Of($"{_locale.Change(change)} against the file before") : null),
            new Tile(
                speech.Of("Freshness"), created is { } time ? _locale.Time(now - time) : unknown,
                created is { } staged ? speech.Of($"staged {_locale.Moment(staged)}") : null),
            new Tile(
                speech.Of("Stage files"), _locale.Count(listing.Entries.Count),
                _locale.Bytes(listing.Entries.Sum(entry => (double)entry.Object.Size))),
            new Tile(
                speech.Of("Not promoted"), _locale.Count(waiting), waiting > 0 ? speech.Of("newer than the active file") : null,
                waiting > 0 ? Tone.Warn : Tone.Plain),
        ]);
    }

    private void WriteCounts(HtmlText html)
    {
        html.Markup("<div class=\"pair\">\n");
        PageShell.BeginSection(
            html, "ids", speech.Of("IDs per partition"),
            speech.Of(
                $"The band is the median of the {PartitionSeries.Window} partitions before, and 3 median absolute deviations on both sides."));
        var band = _points.Select((point, i) => (At: At(i), point.Usual))
            .Where(point => point.Usual is not null)
            .Select(point => (point.At, point.Usual!.Value.Low, point.Usual.Value.High));
        new LineChart
        {
            Title = speech.Of("IDs"),
            Description = speech.Of($"Number of IDs of {_points.Count} partitions; the table below has the same numbers"),
            Lines = [new Series(speech.Of("IDs"), [.. _points.Select((point, i) => (At(i), (double)point.TotalIds))], HasArea: false)],
            Behind = new Band(speech.Of("usual"), [.. band]),
            Format = value => _locale.Short(value),
            Marks = Marks(),
            HasDots = true,
        }.Write(html);
        PageShell.EndSection(html);

        PageShell.BeginSection(html, "change", speech.Of("Change"), speech.Of(guards.MaxDropPercent is { } most
            ? $"Against the partition before. The dashed line is --max-drop-percent {_locale.Number(most)}."
            : "Against the partition before. No --max-drop-percent is given."));
        new LineChart
        {
            Title = speech.Of("Change in percent"),
            Description = speech.Of("Change of the number of IDs against the partition before; the table below has the same numbers"),
            Lines =
                [new Series(speech.Of("change"),
                    [.. _points.Select((point, i) => (At: At(i), Value: point.ChangePercent)).Where(point => point.Value is not null)
                        .Select(point => (point.At, point.Value!.Value))], HasArea: false)],
            Limit = guards.MaxDropPercent is { } percent ? ($"--max-drop-percent {_locale.Number(percent)}", -percent) : null,
            Format = value => _locale.Number(value, 1) + "%",
            Marks = Marks(),
            HasDots = true,
        }.Write(html);
        PageShell.EndSection(html);
        html.Close("div");
    }

    private void WriteDelays(HtmlText html)
    {
        var delays = _points.Select((point, i) => (At: At(i), point.Delay))
            .Where(point => point.Delay is not null)
            .Select(point => (point.At, point.Delay!.Value.TotalHours))
            .ToList();
        if (delays.Count == 0)
            return;
        PageShell.BeginSection(
            html, "freshness", speech.Of("Freshness"),
            speech.Of("Hours from the begin of the partition's day, in UTC, to its stage file."));
        new LineChart
        {
            Title = speech.Of("Hours"),
            Description = speech.Of("Hours from the begin of the partition's day to its stage file"),
            Lines = [new Series(speech.Of("hours"), delays)],
            Format = value => _locale.Number(value, 1) + " h",
            Marks = Marks(),
            HasDots = true,
        }.Write(html);
        PageShell.EndSection(html);
    }

    /// <summary>
    /// Nothing when no file says how long its run took, as those of earlier versions.
    /// </summary>
    private void WriteDurations(HtmlText html)
    {
        var runs = _points.Select(
            point => PhaseSeconds.Parse(point.Entry.Metadata!.PhaseSeconds).ToLookup(
                phase => phase.Phase, phase => phase.Elapsed.TotalSeconds)).ToList();
        var phases = runs.SelectMany(run => run.Select(phase => phase.Key))
            .Distinct()
            .Order()
            .Where(phase => phase <= RunPhase.Stage)
            .ToList();
        if (phases.Count == 0)
            return;
        PageShell.BeginSection(
            html, "durations", speech.Of("Durations"),
            speech.Of("Seconds of each run until its file was staged, by phase. Verification and promotion come after that."));
        new StackedColumns
        {
            Title = speech.Of("Seconds"),
            Description = speech.Of("How long each run took until its file was staged, by phase"),
            Parts = [.. phases.Select(phase => new StackedPart(speech.Of(phase.ToName()), [.. runs.Select(run => run[phase].Sum())]))],
            Format = value => _locale.Number(value, value < 10 ? 2 : 0),
            Marks = Marks(),
        }.Write(html);
        PageShell.EndSection(html);
    }

    private void WriteFiles(HtmlText html)
    {
        Column[] columns =
        [
            new(speech.Of("Created (UTC)")), new(speech.Of("Partition")), new(speech.Of("IDs"), "num"), new(speech.Of("Change"), "num"),
            new(speech.Of("Size"), "num"), new(speech.Of("Run")),
            new(speech.Of("State")), new(speech.Of("File, reason and command"), "name"),
        ];
        var note = listing.Entries.Count > MostRows ? speech.Of($"The latest {MostRows} of {_locale.Count(listing.Entries.Count)}.") : null;
        PageShell.BeginSection(html, "files", speech.Of("Stage files"), note);
        DataTable.Begin(html, speech.Of("Stage files"), columns);
        foreach (var entry in listing.Entries.Take(MostRows))
        {
            html.Open("tr").Element("td", _locale.Moment(entry.Created).Replace(" UTC", "", StringComparison.Ordinal), s_whole);
            html.Element("td", entry.Metadata?.SourcePartition ?? "", s_whole);
            html.Element("td", entry.Metadata is { } metadata ? _locale.Count(metadata.TotalIds) : "", ("class", "num"));
            html.Element(
                "td", entry.ChangePercent is { } change ? _locale.Change(change) : "", ("class", "num")).Element("td",
                _locale.Bytes(entry.Object.Size), ("class", "num"));
            html.Element("td", entry.Metadata?.RunId ?? "", s_whole).Markup("<td>");
            Tiles.WritePill(html, speech.Of(entry.State.ToName().Replace('_', ' ')), ToneOf(entry.State));
            html.Markup("</td>").Open("td", ("class", "name")).Text(entry.Object.Key);
            if (entry.State is not (StageState.Active or StageState.Older) && entry.Reason is { } reason)
                html.Element("p", speech.Of(reason), ("class", "note"));
            if (entry.PromoteCommand is { } command)
                Banner.WriteCommand(html, "", command);
            html.Markup("</td>").Close("tr");
        }

        DataTable.End(html);
        PageShell.EndSection(html);
    }

    private static Tone ToneOf(StageState state) => state switch
    {
        StageState.Active => Tone.Good,
        StageState.Older => Tone.Plain,
        StageState.Unusable => Tone.Bad,
        _ => Tone.Warn,
    };

    private double At(int index) => _points.Count < 2 ? 0.5 : (double)index / (_points.Count - 1);

    private string[] Marks() => _points.Count < 2
        ? [_points[0].Entry.Metadata!.SourcePartition]
        : [_points[0].Entry.Metadata!.SourcePartition, _points[^1].Entry.Metadata!.SourcePartition];
}
