using System.Text.Json.Serialization;

namespace IdExtractor.Fuzz.Probing;

/// <summary>
/// How reports are written, without reflection: the program is compiled to native code too.
/// </summary>
[JsonSerializable(typeof(ProbeReport))]
internal sealed partial class ProbeJson : JsonSerializerContext;
