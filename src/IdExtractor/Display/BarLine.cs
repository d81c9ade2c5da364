using System.Text;
using IdExtractor.Core.Job;
using IdExtractor.Phrases;

namespace IdExtractor.Display;

/// <summary>
/// How far a run is, as one line of at most a given width: the phase, a bar, the share, and as many
/// details as there is room for.
/// </summary>
/// <param name="isColored">The done part is coloured.</param>
/// <param name="isUnicode">The terminal shows lines drawn by box characters.</param>
/// <param name="speech">The language of its words.</param>
internal sealed class BarLine(bool isColored, bool isUnicode, Speech speech)
{
    /// <summary>Columns of a terminal that does not know how many it has.</summary>
    public const int UsualWidth = 80;

    private const int LeastPhaseWidth = 8, WideBar = 24, NarrowBar = 10, WideEnough = 72, ShareWidth = 4;
    private const string Green = "\e[32m", Plain = "\e[0m";

    private static readonly string[] s_locales = ["LC_ALL", "LC_CTYPE", "LANG"];

    /// <summary>
    /// As wide as the longest phase, so that the bar does not move from one to the next.
    /// </summary>
    private readonly int _phaseWidth = Math.Max(LeastPhaseWidth, Enum.GetValues<RunPhase>().Max(phase => speech.Of(phase.ToName()).Length));

    private int _step;

    /// <summary>The locale that the variables name writes UTF-8.</summary>
    public static bool IsUnicode(Func<string, string?> variable)
    {
        var locale = s_locales.Select(variable).FirstOrDefault(value => value is { Length: > 0 });
        return locale is not null && locale.Replace("-", "", StringComparison.Ordinal).Contains("utf8", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The line, with codes for colour that take no room.</summary>
    /// <param name="sample">What to show.</param>
    /// <param name="width">Most columns, 1 or more.</param>
    public string Of(ProgressSample sample, int width)
    {
        var line = new StringBuilder();
        var room = width;
        if (room < _phaseWidth + NarrowBar + ShareWidth + 2)
            return sample.Share.Length <= room ? sample.Share : "";
        var bar = width >= WideEnough ? WideBar : NarrowBar;
        line.Append(speech.Of(sample.Phase.ToName()).PadRight(_phaseWidth)).Append(' ');
        AppendBar(line, sample, bar);
        line.Append(' ').Append(sample.Share.PadLeft(ShareWidth));
        room -= _phaseWidth + 1 + bar + 1 + ShareWidth;
        var separator = "  ";
        foreach (var part in sample.DetailParts.Select(speech.Of))
        {
            if (separator.Length + part.Length > room)
                continue;
            line.Append(separator).Append(part);
            room -= separator.Length + part.Length;
            separator = ", ";
        }

        return line.ToString();
    }

    private void AppendBar(StringBuilder line, ProgressSample sample, int width)
    {
        var (done, left) = isUnicode ? ('\u2501', '\u2500') : ('#', '-');
        var (start, length) = (0, (int)(width * sample.Percent / 100));
        if (sample.RowsTotal == 0)
        {
            // How much there is to do is not known yet: a piece wanders through the bar.
            length = width / 4;
            start = _step++ % (width - length + 1);
        }

        line.Append(left, start)
            .Append(isColored ? Green : "")
            .Append(done, length)
            .Append(isColored ? Plain : "")
            .Append(left, width - start - length);
    }
}
