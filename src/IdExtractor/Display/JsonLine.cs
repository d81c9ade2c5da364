using System.Text.Encodings.Web;
using System.Text.Json;

namespace IdExtractor.Display;

/// <summary>
/// How lines of JSON are written. A class of its own, so that runs that write none do not load the
/// JSON library.
/// </summary>
internal static class JsonLine
{
    /// <summary>Characters that need escaping only in HTML stay readable.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
