using IdExtractor.Core.Job;
using IdExtractor.Core.Plan;
using IdExtractor.Core.Storage;
using Xunit;

namespace IdExtractor.Core.Tests.Plan;

public sealed class InputFingerprintTests
{
    private static readonly ExtractionSettings s_settings = new() { TableA = "a", TableB = "b" };
    private static readonly InputFingerprint.Table s_a = Table("", ("/a/x", 10, "v1"));
    private static readonly InputFingerprint.Table s_b = Table("20251022", ("/b/1", 20, "v1"), ("/b/2", 30, "v2"));
    private static readonly string s_reference = InputFingerprint.Compute(s_settings, s_a, s_b);

    public static TheoryData<string, ExtractionSettings> Settings => new()
    {
        { "key of A", s_settings with { KeyColumnA = "cpf" } },
        { "key of B", s_settings with { KeyColumnB = "cpf" } },
        { "both keys", s_settings with { KeyColumnA = "cpf", KeyColumnB = "cpf" } },
        { "id", s_settings with { IdColumn = "conta" } },
        { "match", s_settings with { Match = MatchRule.Concat } },
        { "width", s_settings with { KeyWidth = 11 } },
        { "bad CPF", s_settings with { OnBadCpf = BadCpfPolicy.Fail } },
        { "null ID", s_settings with { OnNullId = NullIdPolicy.Drop } },
        { "newline", s_settings with { Layout = new OutputSettings { TrailingNewline = true } } },
        { "gzip", s_settings with { Layout = new OutputSettings { GzipLevel = 9 } } },
    };

    [Fact]
    public void Compute_SameInput_IsTheSameWhateverTheOrderOfFiles()
    {
        Assert.Equal(64, s_reference.Length);
        Assert.Equal(s_reference, InputFingerprint.Compute(s_settings, s_a, s_b with { Objects = [.. s_b.Objects.Reverse()] }));
    }

    [Fact]
    public void Compute_SettingsThatDoNotShapeTheOutput_DoNotMatter()
    {
        var other = s_settings with
        {
            Threads = 99,
            MaxMemory = 1L << 40,
            Output = "elsewhere",
            SkipIfCurrent = true,
            Guards = new PublishGuards { MinIds = 5 }
        };
        Assert.Equal(s_reference, InputFingerprint.Compute(other, s_a, s_b));
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Compute_SettingsThatShapeTheOutput_Matter(string what, ExtractionSettings settings) =>
        Assert.True(s_reference != InputFingerprint.Compute(settings, s_a, s_b), what);

    [Fact]
    public void Compute_AnyDifferenceInTheInput_Matters()
    {
        InputFingerprint.Table[] others =
        [
            s_b with { SourcePartition = "20251023" },
            Table("20251022", ("/b/1", 20, "v1")),
            Table("20251022", ("/b/1", 20, "v1"), ("/b/2", 30, "v2"), ("/b/3", 0, "")),
            Table("20251022", ("/b/1", 21, "v1"), ("/b/2", 30, "v2")),
            Table("20251022", ("/b/1", 20, "v2"), ("/b/2", 30, "v2")),
            Table("20251022", ("/b/11", 20, "v1"), ("/b/2", 30, "v2")),
            Table("20251022", ("/b/", 120, "v1"), ("/b/2", 30, "v2")),
        ];
        var prints = others.Select(other => InputFingerprint.Compute(s_settings, s_a, other))
            .Concat(others.Select(other => InputFingerprint.Compute(s_settings, other, s_b)))
            .Append(InputFingerprint.Compute(s_settings, s_b, s_a))
            .Append(s_reference);
        Assert.Equal((others.Length * 2) + 2, prints.Distinct().Count());
    }

    private static InputFingerprint.Table Table(string partition, params (string Name, long Size, string Stamp)[] objects) =>
        new(
            partition,
            [.. objects.Select(item => new InputFingerprint
                .NamedObject(item.Name, new ObjectInfo(item.Name, item.Size, new ObjectStamp(item.Stamp), DateTimeOffset.UnixEpoch)))]);
}
