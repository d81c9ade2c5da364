using IdExtractor.Foundation.Errors;
using IdExtractor.Html;
using IdExtractor.Phrases;

namespace IdExtractor.Cli.Tests.Phrases;

public sealed class SpeechTests
{
    [Theory]
    [InlineData("Partition '20251022' is empty", "A partição '20251022' está vazia")]
    [InlineData("at most 30% below 98412", "no máximo 30% abaixo de 98412")]
    [InlineData("44.32%, 54800", "44,32%, 54800")]
    [InlineData("1,234 IDs", "1.234 IDs")]
    [InlineData("150 M of 300 M rows", "150 M de 300 M linhas")]
    [InlineData("7.50 s left", "faltam 7,50 s")]
    [InlineData("1 min 05 s left", "faltam 1 min 05 s")]
    [InlineData("Cannot write the file: disk full", "Não foi possível gravar o arquivo: disco cheio")]
    [InlineData("Cannot list the folder: Is a directory (error 21)", "Não foi possível listar a pasta: Is a directory (erro 21)")]
    [InlineData("Cannot finish HeadObject: access is denied", "Não foi possível concluir HeadObject: acesso negado")]
    [InlineData("What no part of the program says", "What no part of the program says")]
    [InlineData("", "")]
    public void Of_AText_IsItsTranslation(string english, string portuguese)
    {
        Assert.Equal(portuguese, Speech.Portuguese.Of(english));
        Assert.Same(english, Speech.English.Of(english));
    }

    [Theory]
    [InlineData(
        "The partition is stale: glue://lake/accounts, expected a partition of at most 2 days, found '20251022' of 403.7 days; wait until a newer partition has been written, or raise --max-partition-age",
        "A partição está desatualizada: glue://lake/accounts, esperado: uma partição de no máximo 2 dias, encontrado: '20251022' de 403,7 dias; espere uma partição mais nova ser gravada, ou aumente --max-partition-age")]
    [InlineData(
        "The file is too short for gzip: s3://b/ids/stage/a.txt.gz, expected at least 20 bytes, found 7; stage the file again",
        "O arquivo é curto demais para gzip: s3://b/ids/stage/a.txt.gz, esperado: pelo menos 20 bytes, encontrado: 7; faça o stage do arquivo de novo")]
    [InlineData(
        "Cannot finish GetObject: access is denied: s3://b/k, found AccessDenied (403), request R1; allow s3:GetObject on it",
        "Não foi possível concluir GetObject: acesso negado: s3://b/k, encontrado: AccessDenied (403), requisição R1; permita s3:GetObject nele")]
    [InlineData(
        "Cannot finish GetObject: the AWS SDK refuses to send it: s3://b/k; check --endpoint-url, --region, the bucket's name and the AWS options; --log-level debug says more",
        "Não foi possível concluir GetObject: o AWS SDK se recusa a enviar: s3://b/k; confira --endpoint-url, --region, o nome do bucket e as opções da AWS; --log-level debug diz mais")]
    [InlineData(
        "A newer file is active already: out/active/latest.txt.gz, expected at least partition 20251022 of 20251022_060358, found partition 20251021 of 20251021_060412; "
            + "give --allow-older to replace it all the same: idextractor promote --stage stage/a.txt.gz --output out --allow-older",
        "Um arquivo mais novo já está ativo: out/active/latest.txt.gz, esperado: pelo menos a partição 20251022 de 20251022_060358, encontrado: partição 20251021 de 20251021_060412; "
            + "use --allow-older para substituí-lo mesmo assim: idextractor promote --stage stage/a.txt.gz --output out --allow-older")]
    [InlineData(
        "There are fewer IDs than --min-ids: expected at least 1000000, found 216; check the tables, or lower --min-ids; the stage file is kept: if it is right, publish it with: idextractor promote --stage a --output out",
        "Há menos IDs que --min-ids: esperado: pelo menos 1000000, encontrado: 216; confira as tabelas, ou reduza --min-ids; o arquivo de stage foi mantido: se estiver certo, publique-o com: idextractor promote --stage a --output out")]
    [InlineData(
        "1733 of 104233 values of Table A were rejected: 1204 empty, 529 not digits; glue://crm/eligible",
        "1733 de 104233 valores da Tabela A foram rejeitados: 1204 por estar vazio, 529 por não ter só dígitos; glue://crm/eligible")]
    [InlineData(
        "Skipped 2 in accounts: x, _tmp and 3 more: the folder is no partition",
        "Ignorado em accounts (2): x, _tmp e mais 3: a pasta não é uma partição")]
    [InlineData(
        "An unfinished upload of an earlier run was not aborted; Cannot finish AbortMultipartUpload: access is denied: s3://b/k, found AccessDenied (403); allow s3:AbortMultipartUpload on it",
        "Um upload inacabado de uma execução anterior não foi abortado; Não foi possível concluir AbortMultipartUpload: acesso negado: s3://b/k, encontrado: AccessDenied (403); permita s3:AbortMultipartUpload nele")]
    [InlineData(
        "The SHA-256 of the file is not the one in its metadata (the gzip member is cut): a.txt.gz, expected aa, found bb; stage the file again",
        "O SHA-256 do arquivo não é o dos metadados (o membro gzip está cortado): a.txt.gz, esperado: aa, encontrado: bb; faça o stage do arquivo de novo")]
    [InlineData("Cancelled by SIGINT", "Cancelado por SIGINT")]
    [InlineData("3 IDs are fewer than what nothing says: x", "3 IDs are fewer than what nothing says: x")]
    public void Line_OfALog_IsItsTranslation(string english, string portuguese)
    {
        Assert.Equal(portuguese, Speech.Portuguese.Line(english));
        Assert.Same(english, Speech.English.Line(english));
    }

    [Fact]
    public void Line_OfAnErrorWithEveryPart_TranslatesWordsAndKeepsNames()
    {
        var error = new CorruptFileException(
            "A dictionary is too large",
            new ErrorPlace
            {
                Object = "s3://b/expected page; check the key/part: 0.parquet",
                RowGroup = 3,
                Column = "found page",
                Offset = 77,
                Expected = "at most 100 bytes",
                Actual = "1200"
            },
            "rewrite or remove the file");

        Assert.Equal(
            "Um dicionário é grande demais: s3://b/expected page; check the key/part: 0.parquet, row group 3, coluna 'found page', posição 77, esperado: no máximo 100 bytes, encontrado: 1200; grave o arquivo de novo ou remova-o",
            Speech.Portuguese.Line(error.ToLine()));
    }

    [Theory]
    [InlineData("1,234,567", "1.234.567")]
    [InlineData("+44.3%", "+44,3%")]
    [InlineData("1.23 GiB", "1,23 GiB")]
    [InlineData("20251022", "20251022")]
    [InlineData("", "")]
    [InlineData(".", ".")]
    public void Number_OfEnglish_HasTheOtherMarks(string english, string portuguese) =>
        Assert.Equal(portuguese, Speech.Portuguese.Number(english));

    [Theory]
    [InlineData(null, null, null, false)]
    [InlineData(null, null, "pt_BR", true)]
    [InlineData(null, null, "pt_BR.UTF-8", true)]
    [InlineData(null, null, "pt", true)]
    [InlineData(null, null, "PT_br@x", true)]
    [InlineData(null, null, "C.UTF-8", false)]
    [InlineData(null, null, "ptx_BR", false)]
    [InlineData(null, "pt_BR.UTF-8", "en_US.UTF-8", true)]
    [InlineData(null, "en_US.UTF-8", "pt_BR.UTF-8", false)]
    [InlineData("C", "pt_BR", "pt_BR", false)]
    [InlineData("pt_BR", "C", "C", true)]
    [InlineData("", "", "pt_BR", true)]
    public void OfSystem_Variables_AreReadInTheirOrder(string? all, string? messages, string? lang, bool isPortuguese) => Assert.Equal(
        isPortuguese ? PageLanguage.Portuguese : PageLanguage.English,
        Speech.OfSystem(
            name => name switch { "LC_ALL" => all, "LC_MESSAGES" => messages, "LANG" => lang, _ => throw new ArgumentException(name) }));
}
