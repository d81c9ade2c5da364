using System.Text.Json;
using IdExtractor.Foundation.Errors;
using IdExtractor.Fuzz.Reading;
using IdExtractor.Parquet.Footer;

namespace IdExtractor.Fuzz.Probing;

/// <summary>
/// The loop inside a process that reads files for another process. It reads one path per line and
/// writes one <see cref="ProbeReport"/> per line.
/// </summary>
internal sealed class ProbeLoop : IDisposable
{
    private readonly FileCheck _check = new();
    private readonly PlainReading _reading = new();

    /// <summary>Reads until the input ends.</summary>
    public void Run(TextReader paths, TextWriter reports)
    {
        while (paths.ReadLine() is { } path)
        {
            reports.WriteLine(JsonSerializer.Serialize(Probe(path), ProbeJson.Default.ProbeReport));
            reports.Flush();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _check.Dispose();
        _reading.Dispose();
    }

    private ProbeReport Probe(string path)
    {
        var memory = MemoryPeak.Start();
        var bytes = File.ReadAllBytes(path);
        try
        {
            var report = _check.Check(Path.GetFileName(path), bytes, seed: 1, hintsMayLie: true);
            var columns = report.Refusal is null ? ReadColumns(ParquetImage.Open(Path.GetFileName(path), bytes)) : [];
            return new ProbeReport(path, ProbeRefusal.Of(report.Refusal), null, columns, memory.Growth);
        }
        catch (Exception e)
        {
            // Any exception that escapes is a defect: report it, and read the next file.
            return new ProbeReport(path, null, e.ToString(), [], memory.Growth);
        }
    }

    private List<ProbeColumn> ReadColumns(ParquetImage image) => [.. image.Footer.Columns.Select(column => ReadColumn(image, column))];

    private ProbeColumn ReadColumn(ParquetImage image, ColumnDescriptor column)
    {
        using var text = new ReferenceText(column);
        try
        {
            _reading.Read(image, column, text.Add);
            return new ProbeColumn(column.Index, text.Finish(), text.Rows, text.Nulls, null);
        }
        catch (IdExtractorException e)
        {
            return new ProbeColumn(column.Index, null, text.Rows, text.Nulls, ProbeRefusal.Of(e));
        }
    }
}
