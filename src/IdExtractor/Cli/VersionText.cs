using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Text;
using System.Text.Json;
using IdExtractor.Display;
using IdExtractor.Parquet.Compression;

namespace IdExtractor.Cli;

/// <summary>The version of the program, and what it runs on.</summary>
internal static class VersionText
{
    /// <summary>One line, as <c>-V</c> prints it.</summary>
    public static string Short => $"idextractor {RunIdentity.ToolVersion()}";

    /// <summary>That line, and one for each fact that a bug report needs.</summary>
    public static string Long => string.Join('\n',
        Short,
        $"  commit            {Commit}",
        $"  runtime           {RuntimeInformation.FrameworkDescription}, {(IsNative ? "native code" : "compiled at run time")}",
        $"  instruction sets  {string.Join(' ', InstructionSets.DefaultIfEmpty("none"))}",
        string.Join('\n', PageCodec.Decoders.Select(decoder => $"  {decoder.Codec,-18}{decoder.Name}")),
        $"  system            {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");

    /// <summary>The same facts as one line of JSON.</summary>
    public static string Json
    {
        get
        {
            var line = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(line, JsonLine.Options))
            {
                json.WriteStartObject();
                json.WriteString("event", "version");
                json.WriteString("version", RunIdentity.ToolVersion());
                json.WriteString("commit", Commit);
                json.WriteString("runtime", RuntimeInformation.FrameworkDescription);
                json.WriteBoolean("is_native", IsNative);
                json.WriteStartArray("instruction_sets");
                foreach (var name in InstructionSets)
                    json.WriteStringValue(name);
                json.WriteEndArray();
                json.WriteStartObject("decoders");
                foreach (var decoder in PageCodec.Decoders)
                    json.WriteString(decoder.Codec, decoder.Name);
                json.WriteEndObject();
                json.WriteString("system", RuntimeInformation.OSDescription);
                json.WriteString("architecture", RuntimeInformation.ProcessArchitecture.ToString());
                json.WriteEndObject();
            }

            return Encoding.UTF8.GetString(line.WrittenSpan);
        }
    }

    /// <summary>
    /// Native programs have no list of assemblies to load. What the compiler may assume is no sign:
    /// it is set for native code in every build.
    /// </summary>
    private static bool IsNative => AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is null;

    private static string Commit => RunIdentity.ToolVersion().Split('+') is [_, var commit] ? commit : "unknown";

    private static IEnumerable<string> InstructionSets
    {
        get
        {
            (string Name, bool IsSupported)[] known =
            [
                ("SSE4.2", Sse42.IsSupported), ("POPCNT", Popcnt.IsSupported), ("AVX2", Avx2.IsSupported), ("BMI2", Bmi2.IsSupported),
                ("PCLMULQDQ", Pclmulqdq.IsSupported),
                ("AVX512F", Avx512F.IsSupported), ("AVX512BW", Avx512BW.IsSupported), ("AVX512VBMI", Avx512Vbmi.IsSupported),
                ("AdvSimd", AdvSimd.IsSupported), ("CRC32", Crc32.IsSupported), ("AES", System.Runtime.Intrinsics.Arm.Aes.IsSupported),
            ];
            return known.Where(set => set.IsSupported).Select(set => set.Name);
        }
    }
}
