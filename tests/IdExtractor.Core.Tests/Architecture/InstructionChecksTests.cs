using System.Text.RegularExpressions;
using IdExtractor.Testing;
using Xunit;

namespace IdExtractor.Core.Tests.Architecture;

/// <summary>
/// No code takes an instruction for granted. A file that calls one also checks for it, so that
/// everything runs on any processor and can be compiled ahead of time.
/// </summary>
public sealed partial class InstructionChecksTests
{
    [Fact]
    public void Instructions_OfOneKindOfProcessor_AreAskedForWhereTheyAreCalled()
    {
        var calls = 0;
        foreach (var path in Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "src"), "*.cs", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(path);
            if (!Import().IsMatch(text))
                continue;
            foreach (var instructions in Call().Matches(text).Select(match => match.Groups[1].Value).Distinct())
            {
                calls++;
                Assert.True(
                    text.Contains(instructions + ".IsSupported", StringComparison.Ordinal),
                    $"{path} calls {instructions} without a look at {instructions}.IsSupported");
            }
        }

        Assert.True(calls >= 4, "the search no longer finds the calls that there are");
    }

    [GeneratedRegex(@"^using System\.Runtime\.Intrinsics\.(X86|Arm);", RegexOptions.Multiline)]
    private static partial Regex Import();

    [GeneratedRegex(@"\b((?:Sse|Ssse|Avx|Bmi|Pclmul|Lzcnt|Popcnt|AdvSimd|ArmBase|Aes|Dp|Rdm|Sve|X86)\w*(?:\.(?:X64|Arm64|V256|V512))?)\.(?!IsSupported)[A-Z]\w*\(")]
    private static partial Regex Call();
}
