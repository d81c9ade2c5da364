using System.Text.Json;
using IdExtractor.Cli.Tests.Hosting;

namespace IdExtractor.Cli.Tests.Phrases;

/// <summary>The program in Portuguese, as processes show it.</summary>
public sealed class PortugueseTests : IDisposable
{
    private static readonly Dictionary<string, string> s_brazil = new() { ["LANG"] = "pt_BR.UTF-8", ["LC_MESSAGES"] = "" };

    private readonly Scratch _scratch = new();

    private string Output => _scratch.PathOf("saida");

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("overview", "--help")]
    [InlineData("short", "-h")]
    [InlineData("extract", "extract --help")]
    [InlineData("short.extract", "extract -h")]
    [InlineData("prune", "help prune")]
    public void Help_InPortuguese_IsTheGoldenText(string golden, string words)
    {
        var outcome = CommandProcess.Run(s_brazil, words.Split(' '));

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", $"help.{golden}.pt-BR.txt")), outcome.Output);
        Assert.Equal(outcome.Output, CommandProcess.Run([.. words.Split(' '), "--lang", "pt-BR"]).Output);
    }

    [Theory]
    [InlineData("completions fish --lang pt-BR")]
    [InlineData("completions --lang=pt-BR fish")]
    public void Completions_WithTheLanguageAsAnOption_AreThoseOfTheSystemsLanguage(string words)
    {
        var outcome = CommandProcess.Run(words.Split(' '));

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(CommandProcess.Run(s_brazil, "completions", "fish").Output, outcome.Output);
    }

    [Fact]
    public void Extract_ThenWhatFollows_SpeaksPortuguese()
    {
        Assert.StartsWith(
            "Publicado: 40 IDs da partição 20251021\n  md5        ",
            Portuguese(0, [.. Extract(), "--partition", "ano_mes_dia=20251021"]).Output, StringComparison.Ordinal);
        var published = Portuguese(0, Extract());
        Assert.StartsWith(
            "Publicado: 216 IDs da partição 20251022\n  variação   +440%, +176 em relação a 40 da partição 20251021\n  md5        ",
            published.Output, StringComparison.Ordinal);
        Assert.Matches(@"\n  ativo      \S+latest\.txt\.gz \(\d+ B\)\n", published.Output);
        Assert.Contains(
            "\n  conferido  metadados, um membro gzip, CRC-32, tamanho, nenhuma linha vazia, nenhum carriage return, número de linhas, fim do texto, MD5, SHA-256\n",
            published.Output, StringComparison.Ordinal);
        Assert.Contains("\n  CPFs       lidos 325, válidos 325, repetidos 25, rejeitados 0\n", published.Output, StringComparison.Ordinal);
        Assert.Matches(@"\n  linhas     lidas 3\.102, encontradas \d+\n  puladas    ao menos \d+ linhas sem documento\n  etapas     catálogo \d,\d\d s, plano ", published.Output);
        Assert.Matches(@"\n  duração    \d,\d\d s, [\d,]+ KiB lidos\n$", published.Output);
        Assert.Equal("", published.ErrorWithoutProgress);

        Assert.StartsWith(
            "Verificado: 216 IDs da partição 20251022\n", Portuguese(0, "verify", "--output", Output).Output, StringComparison.Ordinal);
        Assert.StartsWith("Já atualizado: 216 IDs", Portuguese(0, [.. Extract(), "--skip-if-current"]).Output, StringComparison.Ordinal);

        var history = Portuguese(0, "history", "--output", Output).Output;
        Assert.Matches(@"^Ativo: .*\n  criado em \d\d/\d\d/20\d\d \d\d:\d\d:\d\d \(UTC\), execução [a-z0-9]+\n", history);
        Assert.Matches(
            @"\nStage: 2 arquivos, [\d,]+ \S+\n  CRIADO \(UTC\) +PARTIÇÃO +IDS +VARIAÇÃO +TAMANHO +EXECUÇÃO +ESTADO +ARQUIVO\n", history);
        Assert.Matches(@"\n  \d\d/\d\d/20\d\d \d\d:\d\d:\d\d  20251022  +216 ", history);
        Assert.Contains("\nPara voltar a stage/", history, StringComparison.Ordinal);

        var pruned = Portuguese(0, "prune", "--output", Output, "--keep-versions", "1", "--keep-days", "1", "--dry-run").Output;
        Assert.StartsWith("Removeria 0 arquivos de stage, 0 B; mantidos 2 de 2\n", pruned, StringComparison.Ordinal);

        var back = Portuguese(4, "promote", "--output", Output, "--stage", "previous").ErrorLines[^1];
        Assert.StartsWith("erro: Um arquivo mais novo já está ativo: ", back, StringComparison.Ordinal);
        Assert.Contains(
            "; use --allow-older para substituí-lo mesmo assim: idextractor promote --stage stage/", back, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_InPortuguese_IsPortuguese()
    {
        var plan = Portuguese(0, "plan", "--table-a", Samples("a"), "--table-b", Samples("b")).Output;

        Assert.Matches(@"^Tabela A: .*\n  partição   unpartitioned\n  arquivos   1, [\d,]+ KiB, \d+ linhas em 1 row group\n", plan);
        Assert.Matches(@"\nTabela B: .*\n  partição   20251022\n  arquivos   6, ", plan);
        Assert.Matches(@"\n  coluna     documento, ", plan);
        Assert.Matches(@"\nA ler: [\d,]+ KiB em \d+ requisições\n", plan);
    }

    [Theory]
    [InlineData(2, "", "erro: Nenhum comando foi informado: os comandos são extract, plan,")]
    [InlineData(2, "extrat", "erro: 'extrat' não é um comando: os comandos são")]
    [InlineData(2, "extrat", "; você quis dizer extract?")]
    [InlineData(2, "extract --table-a x",
        "erro: --table-b, --output são obrigatórias em extract; informe-as na linha de comando, no ambiente (como IDEXTRACTOR_TABLE_B)")]
    [InlineData(2, "verify", "erro: --output é obrigatória em verify; informe-a na linha de comando")]
    [InlineData(2, "verify --output x --min-ids 3",
        "erro: --min-ids não é opção de verify, e sim de extract, promote, publish, history; veja idextractor verify --help")]
    [InlineData(2, "prune --output x --keep-days 3 --keep-versions x",
        "erro: --keep-versions recebe um número inteiro de 1 a 2147483647, não 'x' (linha de comando)")]
    [InlineData(2, "history --output x --log xml", "erro: --log recebe text ou json, não 'xml' (linha de comando)")]
    [InlineData(3, "verify --output /none/at/all", "erro: O arquivo não existe: ")]
    [InlineData(3, "verify --output x --config /none.json",
        "erro: O arquivo de configuração não existe: /none.json; confira --config e IDEXTRACTOR_CONFIG")]
    public void Errors_InPortuguese_ArePortuguese(int exitCode, string words, string message)
    {
        var outcome = CommandProcess.Run(s_brazil, words.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, "O número de IDs cai mais que", "--min-ids 1000 --max-drop-percent 10")]
    [InlineData(4, "Há menos IDs que --min-ids: ", "--min-ids 100000")]
    [InlineData(6, "A partição está desatualizada: ", "--max-partition-age 2d")]
    [InlineData(6, "A partição fixada não existe: ", "--partition ano_mes_dia=20990101")]
    [InlineData(7, "Falta uma coluna necessária: ", "--key-column no_such_column")]
    public void Extract_ThatFails_SaysWhyInPortuguese(int exitCode, string message, string more)
    {
        var error = Portuguese(exitCode, [.. Extract(), .. more.Split(' ')]).ErrorLines[^1];

        if (!more.Contains("--max-drop-percent", StringComparison.Ordinal))
            Assert.StartsWith("erro: " + message, error, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\b(the|is|expected|found|check|raise|with|and)\b", WithoutPaths(error));
    }

    [Fact]
    public void Extract_OfRejectedValues_CountsThemInPortuguese()
    {
        var list = _scratch.Write("pessoas.csv", "documento\n52998224725\n52998224725\n11144477735\nx\n1.5\n");
        string[] words = ["extract", "--table-a", list, "--table-b", Samples("b"), "--output", Output, "--allow-empty"];

        var published = Portuguese(0, words);
        Assert.Equal(
            $"aviso: 2 de 5 valores da Tabela A foram rejeitados: 1 por não ter só dígitos, 1 com ponto decimal ou expoente (floats); {list}\n",
            published.ErrorWithoutProgress);
        Assert.Contains(
            "\n  CPFs       lidos 5, válidos 3, repetidos 1, rejeitados 2 (1 por não ter só dígitos, 1 com ponto decimal ou expoente)\n",
            published.Output, StringComparison.Ordinal);
        Assert.Equal(
            $"erro: A Tabela A tem valores que não são CPF: {list}, encontrado: 2 de 5 rejeitados: 1 por não ter só dígitos, 1 com ponto decimal ou expoente (floats); corrija-os, ou deixe-os de fora com --on-bad-cpf reject",
            Portuguese(7, [.. words, "--on-bad-cpf", "fail"]).ErrorLines[^1]);
    }

    [Theory]
    [InlineData("bug", 1, "erro: Erro interno: FormatException em ")]
    [InlineData("memory", 3, "erro: Memória insuficiente; reduza --max-memory")]
    [InlineData("disk-full", 75, "erro: Não há espaço no dispositivo; libere espaço e execute de novo")]
    [InlineData("denied", 3, "erro: Permissão negada: /data; dê esse direito")]
    public void Failure_ThatNoPartNamed_IsPortuguese(string script, int exitCode, string message)
    {
        var outcome = CommandProcess.RunScript(script, s_brazil, Words.Extract());

        Assert.Equal(exitCode, outcome.ExitCode);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_InPortuguese_StaysEnglish()
    {
        var report = _scratch.PathOf("run.json");
        var words = Extract().Concat(["--min-ids", "100000", "--log", "json", "--report", report]).ToArray();

        var outcome = Portuguese(4, words);

        Assert.Contains("There are fewer IDs than --min-ids", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Há menos", outcome.Error, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(File.ReadAllText(report));
        Assert.Equal("There are fewer IDs than --min-ids", json.RootElement.GetProperty("error").GetProperty("message").GetString());
        Assert.Contains("\"event\":\"result\"", Portuguese(0, [.. Extract(), "--json"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Lang_GoesBeforeTheSystem_AndACommandLineBeforeAConfigFile()
    {
        var config = _scratch.Write("job.json", "{\"lang\": \"pt-BR\"}");

        Assert.Contains(
            "error: There is no such file", CommandProcess.Run(s_brazil, "verify", "--output", "/none", "--lang", "en").Error,
            StringComparison.Ordinal);
        Assert.Contains(
            "erro: O arquivo não existe", CommandProcess.Run("verify", "--output", "/none", "--config", config).Error,
            StringComparison.Ordinal);
        Assert.Contains(
            "error: There is no such file", CommandProcess.Run("verify", "--output", "/none", "--config", config, "--lang", "en").Error,
            StringComparison.Ordinal);
        Assert.Contains(
            "erro: O arquivo não existe",
            CommandProcess.Run(new Dictionary<string, string> { ["IDEXTRACTOR_LANG"] = "pt-BR" }, "verify", "--output", "/none").Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void HistoryPage_InPortuguese_IsPortuguese()
    {
        Assert.Equal(0, CommandProcess.Run(Extract()).ExitCode);
        var page = _scratch.PathOf("history.html");

        Portuguese(0, "history", "--output", Output, "--html", page);

        var text = File.ReadAllText(page);
        Assert.Contains("<html lang=\"pt-BR\">", text, StringComparison.Ordinal);
        Assert.Contains("Os leitores veem 216 IDs da partição 20251022", text, StringComparison.Ordinal);
        Assert.Contains("Resultados por dia", text, StringComparison.Ordinal);
    }

    private static string Samples(string table) => Path.Combine(Repository.Samples, table);

    /// <summary>
    /// Without the paths of the test: their folders may have English names, as in <c>/check</c>.
    /// </summary>
    private string WithoutPaths(string error) => error
        .Replace(Repository.Samples, "", StringComparison.Ordinal)
        .Replace(Output, "", StringComparison.Ordinal);

    private string[] Extract() => ["extract", "--table-a", Samples("a"), "--table-b", Samples("b"), "--output", Output];

    private static CommandOutcome Portuguese(int exitCode, params string[] words)
    {
        var outcome = CommandProcess.Run([.. words, "--lang", "pt-BR"]);
        Assert.True(exitCode == outcome.ExitCode, outcome.Error);
        return outcome;
    }
}
