using System.Diagnostics;
using System.Text;

namespace IdExtractor.Display;

/// <summary>
/// An exception as its types and frames. Messages are omitted, because the runtime's may repeat
/// input data (specification, section 8).
/// </summary>
internal static class StackText
{
    private const int MostCauses = 8;

    /// <summary>The exception and its causes, outermost first, in one line.</summary>
    public static string Of(Exception error)
    {
        var text = new StringBuilder();
        Exception? cause = error;
        for (var depth = 0; cause is not null && depth < MostCauses; depth++, cause = cause.InnerException)
        {
            text.Append(depth == 0 ? "" : " <- ").Append(cause.GetType().FullName);
            foreach (var frame in new StackTrace(cause, fNeedFileInfo: false).GetFrames())
            {
                if (DiagnosticMethodInfo.Create(frame) is { } method)
                    text.Append(" at ").Append(method.DeclaringTypeName).Append('.').Append(method.Name);
            }
        }

        return text.ToString();
    }

    /// <summary>The innermost frame that is this program's own; null when there is none.</summary>
    public static string? Origin(Exception error)
    {
        foreach (var frame in new StackTrace(error, fNeedFileInfo: false).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is { } method
                && method.DeclaringTypeName.StartsWith("IdExtractor.", StringComparison.Ordinal))
                return $"{method.DeclaringTypeName}.{method.Name}";
        }

        return null;
    }
}
