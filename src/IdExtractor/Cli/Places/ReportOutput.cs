using IdExtractor.Cli.Options;
using IdExtractor.Core.Report;
using IdExtractor.Core.Storage.Local;
using IdExtractor.Foundation.Errors;
using IdExtractor.Host;

namespace IdExtractor.Cli.Places;

/// <summary>
/// Where <c>--report</c>, <c>--report-html</c> or <c>--html</c> goes: a file, or one of the
/// standard streams, be it as <c>-</c> or under the name of the file, pipe or device that the
/// stream is.
/// </summary>
internal sealed class ReportOutput : IDisposable
{
    /// <summary>Stands for stdout.</summary>
    public const string Dash = "-";

    private readonly ReportFile? _file;
    private readonly StandardStream? _stream;

    private ReportOutput(ReportFile? file, StandardStream? stream) => (_file, _stream) = (file, stream);

    /// <summary>The report is what stdout holds, so that nothing else is written there.</summary>
    public bool IsStdout => _stream == StandardStream.Output;

    /// <summary>Opens it.</summary>
    /// <exception cref="ConfigurationException">Nothing can be written there.</exception>
    public static ReportOutput Open(OptionDefinition option, string path, string runId)
    {
        if (LeadsToStdout(path))
            return new ReportOutput(null, StandardStream.Output);
        if (StandardStream.Error.IsThere && LocalPlace.IsOpenAs(path, 2))
            return new ReportOutput(null, StandardStream.Error);
        return new ReportOutput(ReportFile.Open(path, runId, option.Dashed), null);
    }

    /// <summary>Whether two reports would go to the same place, whatever it is called.</summary>
    public static bool IsSamePlace(string left, string right) => LeadsToStdout(left) || LeadsToStdout(right)
        ? LeadsToStdout(left) && LeadsToStdout(right)
        : LocalPlace.Of(left).IsSameAs(LocalPlace.Of(right));

    /// <summary>Writes the report.</summary>
    /// <exception cref="TransientException">The file cannot be written.</exception>
    /// <exception cref="IOException">The stream cannot be written to.</exception>
    public void Write(Action<Stream> write)
    {
        if (_file is not null)
        {
            _file.Write(write);
            return;
        }

        using var bytes = new MemoryStream();
        write(bytes);
        _stream!.Write(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private static bool LeadsToStdout(string path) =>
        path == Dash || (StandardStream.Output.IsThere && LocalPlace.IsOpenAs(path, 1));
}
