namespace IdExtractor.Cli.Tests.Hosting;

/// <summary>Complete command lines.</summary>
internal static class Words
{
    /// <summary><c>extract</c> with what it needs, and more.</summary>
    public static string[] Extract(params string[] more) =>
        ["extract", "--table-a", "people/", "--table-b", "accounts/", "--output", "out/", .. more];
}
