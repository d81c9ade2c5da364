using IdExtractor.Cli.Options;
using IdExtractor.Cli.Tests.Hosting;

namespace IdExtractor.Cli.Tests.Options;

public sealed class OptionsPageTests
{
    private const string Write = "IDEXTRACTOR_WRITE_DOCS";

    private static readonly string s_page = Path.Combine(Repository.Root, "docs", "use", "options.md");

    [Fact]
    public void Page_InTheRepository_IsWhatTheOptionTableMakes()
    {
        var text = OptionsPage.Text();
        if (Environment.GetEnvironmentVariable(Write) == "1")
            File.WriteAllText(s_page, text);

        Assert.Equal(text, File.ReadAllText(s_page));
    }

    [Fact]
    public void Page_EveryOption_HasADefaultOrIsRequired() =>
        Assert.DoesNotContain(OptionTable.All, option => option.Default is null && !option.IsRequiredBy(option.Commands));
}
