using IdExtractor.Html.Blocks;

namespace IdExtractor.Html.RunPage;

/// <summary>Where the file is, its checksums, and what was checked.</summary>
internal static class ChecksumsSection
{
    /// <summary>Appends it; nothing when there is no file.</summary>
    public static void Write(PageContext page)
    {
        if (page.Report.Result is not { File: { } file } result)
            return;
        var (html, words) = (page.Html, page.Words);
        PageShell.BeginSection(html, "checksums", words.Checksums, words.ChecksumsNote);
        DataTable.WriteFacts(html,
        [
            (words.ActiveFile, page.Clip(file.Active)),
            (words.StageFile, page.Clip(file.Stage)),
            (words.Size, $"{page.Locale.Bytes(file.GzipBytes)} ({page.Locale.Count(file.GzipBytes)} B)"),
            (words.Md5OfText, file.Md5Checksum),
            (words.Sha256OfFile, file.GzSha256),
            (words.Checked, result.Checks.Count == 0 ? null : page.Speech.List(result.Checks)),
        ]);
        PageShell.EndSection(html);
    }
}
